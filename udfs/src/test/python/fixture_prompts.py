"""From an item to what the model is given: prompt, token ids, positions, pixels."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from transformers import AutoTokenizer, Qwen2VLImageProcessorPil

import fixture_images
from fixture_texts import INSTRUCTION

MARKER = "<|image_1|>"
_VISION_TOKENS = ("<|image_pad|>", "<|video_pad|>", "<|vision_start|>", "<|vision_end|>")


def _without_vision_tokens(text):
    for token in _VISION_TOKENS:
        text = text.replace(token, "")
    return text


def clean(text):
    """A text as the judge sees it: no marker (nor one newline right after it), no vision tokens."""
    return _without_vision_tokens((text or "").replace(MARKER + "\n", "").replace(MARKER, ""))


def judge_parts(query, candidate, order):
    def side(name, item):
        parts = [("text", name)]
        if item["image"]:
            parts.append(("image", item["image"]))
        if clean(item["text"]):
            parts.append(("text", clean(item["text"])))
        return parts

    sides = [side("Query:", query), side("Candidate:", candidate)]
    if order == "candidate-first":
        sides.reverse()
    return [("text", INSTRUCTION)] + sides[0] + sides[1]


def embedding_parts(item):
    text, image = item["text"] or "", item["image"]
    if not image:
        return [("text", clean(text))]
    if MARKER not in text:
        text = MARKER + "\n" + text
    before, after = text.split(MARKER, 1)
    # The newline after the marker is part of this prompt.
    parts = [("text", _without_vision_tokens(before)), ("image", image), ("text", _without_vision_tokens(after))]
    return [part for part in parts if part[1]]


@dataclass
class Prompt:
    text: str  # before image tokens are repeated
    ids: list
    spans: list  # {image, rows, columns, start, tokens}
    resized: bool
    pixel_values: torch.Tensor | None
    grids: torch.Tensor | None


class Prompts:
    def __init__(self, folder: Path, images: Path):
        self.tokenizer = AutoTokenizer.from_pretrained(folder)
        self.processor = Qwen2VLImageProcessorPil.from_pretrained(folder)
        self.images = images
        self.image_token = "<|image_pad|>"

    def patches(self, name, **changes):
        picture = fixture_images.load(self.images / name)
        batch = self.processor(images=[picture], return_tensors="pt", **changes)
        return batch["pixel_values"], batch["image_grid_thw"], picture

    def resized_rgb(self, name):
        """The resized picture in 8 bits, taken out of the processor's own patches."""
        values, grid, _ = self.patches(name, do_rescale=False, do_normalize=False)
        _, rows, columns = grid[0].tolist()
        size, merge = self.processor.patch_size, self.processor.merge_size
        values = values.reshape(rows // merge, columns // merge, merge, merge, 3, -1, size, size)
        values = values[:, :, :, :, :, 0]  # one of two equal frames
        rgb = values.permute(0, 2, 5, 1, 3, 6, 4).reshape(rows * size, columns * size, 3)
        return rgb.round().to(torch.uint8).numpy(), rows, columns

    def chat(self, parts):
        content = [{"type": kind, kind: value} if kind == "text" else {"type": "image"} for kind, value in parts]
        text = self.tokenizer.apply_chat_template(
            [{"role": "user", "content": content}], tokenize=False, add_generation_prompt=True
        )
        return self._encode(text, [value for kind, value in parts if kind == "image"])

    def plain(self, parts):
        text = "".join(value if kind == "text" else self.image_token for kind, value in parts)
        return self._encode(text, [value for kind, value in parts if kind == "image"])

    def _encode(self, text, names):
        assert text.count(self.image_token) == len(names)
        spans, values, grids, resized = [], [], [], False
        pieces = text.split(self.image_token)
        expanded = pieces[0]
        for name, piece in zip(names, pieces[1:]):
            pixels, grid, picture = self.patches(name)
            _, rows, columns = grid[0].tolist()
            patch = self.processor.patch_size
            resized |= picture.size != (columns * patch, rows * patch)
            tokens = rows * columns // self.processor.merge_size**2
            spans.append({"image": name, "rows": rows, "columns": columns, "tokens": tokens})
            values.append(pixels)
            grids.append(grid)
            expanded += self.image_token * tokens + piece
        ids = self.tokenizer(expanded, add_special_tokens=True)["input_ids"]
        assert ids == self.tokenizer.backend_tokenizer.encode(expanded).ids
        image_id = self.tokenizer.convert_tokens_to_ids(self.image_token)
        where = np.flatnonzero(np.array(ids) == image_id).tolist()
        assert len(where) == sum(span["tokens"] for span in spans)
        for span in spans:
            span["start"] = where[0]
            where = where[span["tokens"] :]
        return Prompt(
            text,
            ids,
            spans,
            resized,
            torch.cat(values) if values else None,
            torch.cat(grids) if grids else None,
        )
