"""Makes a checkpoint of Qwen2-VL-2B's shape with random bfloat16 weights, for timing (4.4 GB).

    python make_checkpoint.py FOLDER [--tokenizer FOLDER]

Tokenizer and chat template are those of the test fixtures: some hundred tokens, so texts give more
tokens than they would with Qwen2's own. Beside the model it writes inputs.json and query.png: one
query with a 336 x 336 image and 50 texts of about 20 tokens, for every implementation to judge.
Needs torch, transformers, safetensors, numpy and Pillow.
"""

import argparse
import json
import math
import shutil
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from safetensors.torch import save_file
from transformers import AutoTokenizer, Qwen2VLConfig, Qwen2VLForConditionalGeneration

FIXTURES = Path(__file__).resolve().parents[3] / "udfs/src/test/resources/fixtures"
SHARD_BYTES = 1_000_000_000
IMAGE_SIZE = 336
TEXTS, TEXT_TOKENS = 50, 20
INSTRUCTION = (
    "I will provide you with a query and a candidate. Please evaluate whether the candidate meets "
    "the requirements of the query. If it does, respond with 'Yes'; if it doesn't, respond with 'No'."
)


def config(tiny, layers, blocks):
    """Qwen2-VL-2B's config.json as released, with the tiny tokenizer's special ids."""
    special = {key: value for key, value in tiny.items() if key.endswith("_token_id")}
    return {
        "architectures": ["Qwen2VLForConditionalGeneration"],
        "attention_dropout": 0.0,
        **special,
        "hidden_act": "silu",
        "hidden_size": 1536,
        "initializer_range": 0.02,
        "intermediate_size": 8960,
        "max_position_embeddings": 32768,
        "max_window_layers": 28,
        "model_type": "qwen2_vl",
        "num_attention_heads": 12,
        "num_hidden_layers": layers,
        "num_key_value_heads": 2,
        "rms_norm_eps": 1e-06,
        "rope_theta": 1000000.0,
        "sliding_window": 32768,
        "tie_word_embeddings": True,
        "torch_dtype": "bfloat16",
        "transformers_version": "4.41.2",
        "use_cache": True,
        "use_sliding_window": False,
        "vision_config": {
            "depth": blocks,
            "embed_dim": 1280,
            "mlp_ratio": 4,
            "num_heads": 16,
            "in_chans": 3,
            "hidden_size": 1536,
            "patch_size": 14,
            "spatial_merge_size": 2,
            "spatial_patch_size": 14,
            "temporal_patch_size": 2,
        },
        "rope_scaling": {"type": "mrope", "mrope_section": [16, 24, 24]},
        "vocab_size": 151936,
    }


def shapes(config):
    """Names as released, and shapes, in the order of the model; nothing is allocated."""
    with torch.device("meta"):
        model = Qwen2VLForConditionalGeneration(Qwen2VLConfig.from_dict(config))
    for name, value in model.state_dict().items():
        if name != "lm_head.weight":  # tied
            yield name.replace("model.language_model.", "model.").replace("model.visual.", "visual."), value.shape


def weight(name, shape, layers):
    """Random, and of a scale at which hidden states neither vanish nor grow with depth."""
    value = torch.empty(shape, dtype=torch.bfloat16)
    if len(shape) == 1:
        is_norm = name.endswith("weight")
        value.normal_(1.0 if is_norm else 0.0, 0.1)
        # The last norm sets the scale of the logits: margins of a few units.
        return value.mul_(0.05) if name == "model.norm.weight" else value
    scale = 1 / math.sqrt(math.prod(shape[1:]))
    if "embed_tokens" in name:
        scale = 0.7
    elif any(part in name for part in ("o_proj", "down_proj", "attn.proj", "fc2")):
        scale /= math.sqrt(2 * layers)
    return value.normal_(0.0, scale)


def write_weights(folder, config):
    shards, current, size = [], [], 0
    for name, shape in shapes(config):
        length = 2 * math.prod(shape)
        if current and size + length > SHARD_BYTES:
            shards.append(current)
            current, size = [], 0
        current.append((name, shape))
        size += length
    shards.append(current)
    where, total = {}, 0
    for number, shard in enumerate(shards, 1):
        file = f"model-{number:05d}-of-{len(shards):05d}.safetensors"
        tensors = {}
        for name, shape in shard:
            depth = config["vision_config"]["depth"] if name.startswith("visual.") else config["num_hidden_layers"]
            tensors[name] = weight(name, shape, depth)
            where[name] = file
            total += tensors[name].nbytes
        save_file(tensors, folder / file, metadata={"format": "pt"})
        print(f"{file}: {len(tensors)} tensors", flush=True)
        del tensors
    write_json(folder / "model.safetensors.index.json", {"metadata": {"total_size": total}, "weight_map": where})


def picture():
    rng = np.random.default_rng(7)
    y, x = np.mgrid[0:IMAGE_SIZE, 0:IMAGE_SIZE]
    rgb = np.stack([x * 255 / IMAGE_SIZE, y * 255 / IMAGE_SIZE, 128 + 100 * np.sin(x / 20) * np.cos(y / 30)], -1)
    rgb += rng.normal(0, 12, rgb.shape)
    return Image.fromarray(rgb.clip(0, 255).astype(np.uint8))


def texts(tokenizer):
    """Captions of TEXT_TOKENS tokens, all different."""
    rng = np.random.default_rng(11)
    words = "a large small red green blue yellow white circle square triangle star left right of above below".split()
    found = []
    while len(found) < TEXTS:
        caption = "a picture of"
        while len(tokenizer(caption)["input_ids"]) < TEXT_TOKENS:
            caption += " " + str(rng.choice(words))
        if len(tokenizer(caption)["input_ids"]) == TEXT_TOKENS and caption not in found:
            found.append(caption)
    return found


def write_json(path, value):
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--layers", type=int, default=28)
    parser.add_argument("--blocks", type=int, default=32, help="of the vision tower")
    parser.add_argument("--tokenizer", type=Path, default=FIXTURES / "qwen2-vl", help="checkpoint to take tokenizer and template from")
    arguments = parser.parse_args()
    torch.manual_seed(2)
    folder, tiny = arguments.folder, arguments.tokenizer
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("tokenizer.json", "tokenizer_config.json"):
        shutil.copy(tiny / name, folder / name)
    preprocessor = json.loads((tiny / "preprocessor_config.json").read_text())
    write_json(folder / "preprocessor_config.json", preprocessor | {"min_pixels": 3136, "max_pixels": 12845056})
    made = config(json.loads((tiny / "config.json").read_text()), arguments.layers, arguments.blocks)
    write_json(folder / "config.json", made)
    write_weights(folder, made)
    picture().save(folder / "query.png")
    inputs = {
        "instruction": INSTRUCTION,
        "order": "query-first",
        "query": {"text": "find the caption that describes this picture", "image": "query.png"},
        "candidates": texts(AutoTokenizer.from_pretrained(folder)),
    }
    write_json(folder / "inputs.json", inputs)


if __name__ == "__main__":
    main()
