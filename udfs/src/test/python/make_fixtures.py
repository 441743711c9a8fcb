"""Makes udfs/src/test/resources/fixtures: tiny checkpoints, images, and what transformers makes of them.

    python make_fixtures.py [FOLDER]

Needs torch, transformers 5, tokenizers, Pillow and numpy, without torchvision. Same versions, same files.
"""

import json
import shutil
import sys
from pathlib import Path

import numpy as np
import PIL
import torch
import transformers
from PIL import Image

import fixture_checkpoints
import fixture_formats
import fixture_images
import fixture_texts
import fixture_tokenizer
from fixture_reference import Reference

DEFAULT = Path(__file__).resolve().parents[1] / "resources" / "fixtures"


def dump(path, value):
    """JSON with long arrays of numbers on one line each."""

    def write(value, indent):
        pad = " " * indent
        if isinstance(value, dict) and value:
            inner = ",\n".join(f"{pad} {json.dumps(k)}: {write(v, indent + 1)}" for k, v in value.items())
            return "{\n" + inner + "\n" + pad + "}"
        if isinstance(value, list) and any(isinstance(v, (dict, list)) for v in value):
            return "[\n" + ",\n".join(f"{pad} {write(v, indent + 1)}" for v in value) + "\n" + pad + "]"
        if isinstance(value, float):
            return repr(float(np.float32(value))) if value != float(np.float32(value)) else shortest(value)
        if isinstance(value, list):
            return "[" + ",".join(shortest(v) if isinstance(v, float) else json.dumps(v, ensure_ascii=False) for v in value) + "]"
        return json.dumps(value, ensure_ascii=False)

    def shortest(number):
        return np.format_float_positional(np.float32(number), trim="0") if 1e-4 < abs(number) < 1e6 else repr(float(np.float32(number)))

    path.write_text(write(value, 0) + "\n")


def pixels(reference, folder, where):
    """Resized pictures as PNG, and one picture's pixel_values in full."""
    rows = []
    (folder / where).mkdir(parents=True, exist_ok=True)
    for name in fixture_images.names():
        picture = fixture_images.load(folder / "images" / name)
        rgb, grid_rows, grid_columns = reference.prompts.resized_rgb(name)
        file = f"{where}/{Path(name).stem}.png"
        Image.fromarray(rgb).save(folder / file, optimize=True)
        rows.append(
            {
                "image": name,
                "width": picture.width,
                "height": picture.height,
                "rows": grid_rows,
                "columns": grid_columns,
                "resized": picture.size != (rgb.shape[1], rgb.shape[0]),
                "file": file,
            }
        )
    values, grid, _ = reference.prompts.patches("exact-wide.png")
    file = f"{where}/exact-wide.pixel_values.bin"
    values.numpy().astype("<f4").tofile(folder / file)
    return {"images": rows, "values": {"image": "exact-wide.png", "file": file, "shape": list(values.shape)}}


def report(name, cases, groups, embeddings):
    margins = np.array([c["margin"] for c in cases] + [m for g in groups for m in g["margins"]])
    coarse = np.array([c["margin_bfloat16"] for c in cases] + [m for g in groups for m in g["margins_bfloat16"]])
    apart = np.abs(margins - coarse)
    cosine = min(e["bfloat16_cosine"] for e in embeddings)
    print(
        f"{name}: {len(margins)} margins, mean {margins.mean():.2f} std {margins.std():.2f} "
        f"from {margins.min():.2f} to {margins.max():.2f}; bfloat16 off by mean {apart.mean():.4f} "
        f"max {apart.max():.4f}; embeddings' lowest bfloat16 cosine {cosine:.6f}"
    )


def main():
    torch.set_num_threads(2)
    torch.manual_seed(0)
    transformers.utils.logging.disable_progress_bar()
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT
    for child in folder.iterdir() if folder.exists() else []:
        if child.name != "README.md":
            shutil.rmtree(child) if child.is_dir() else child.unlink()
    tokenizer = fixture_tokenizer.train()
    fixture_images.make(folder / "images")
    fixture_formats.make(folder / "formats")
    names = fixture_checkpoints.make(folder, tokenizer)
    dump(
        folder / "reference-tokenizer.json",
        {"texts": [{"text": t, "ids": tokenizer.encode(t).ids} for t in fixture_texts.TOKENIZED]},
    )
    made_with = {"torch": torch.__version__, "transformers": transformers.__version__, "pillow": PIL.__version__}
    shared_pixels = None
    for name in names:
        reference = Reference(name, folder / name, folder / "images")
        if name.endswith("nested"):
            images = pixels(reference, folder, "pixels/qwen2-vl-nested")
        else:  # all flat checkpoints have the same preprocessor
            images = shared_pixels = shared_pixels or pixels(reference, folder, "pixels/qwen2-vl")
        cases, groups = list(reference.cases()), list(reference.groups())
        embeddings = list(reference.embeddings())
        result = {
            "checkpoint": name,
            "made_with": made_with,
            "config": reference.config(),
            "instruction": fixture_texts.INSTRUCTION,
            "cases": cases,
            "groups": groups,
            "embeddings": embeddings,
            "pixels": images,
        }
        if name in ("qwen2-vl", "qwen2.5-vl"):
            result["intermediate"] = reference.intermediate()
        dump(folder / f"reference-{name}.json", result)
        report(name, cases, groups, embeddings)


if __name__ == "__main__":
    main()
