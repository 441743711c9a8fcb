"""Examples as `dev.assay.scenes.TrainingExamples` writes them, made into packed rows."""

import json
from pathlib import Path

import numpy as np
import torch

import scenes_model as m
import scenes_tokenizer as words

SIDE = 112
GROUPS = (
    ("small", "large"),
    ("red", "green", "blue", "yellow", "purple", "black"),
    ("circle", "square", "triangle", "star", "cross"),
)


DESCRIBE = "Describe:"


def look(cell):
    return f" {cell['size']} {cell['colour']} {cell['shape']}"


def place_and_look(cells):
    """All objects in reading order: row, column, look."""
    cells = sorted(cells, key=lambda cell: cell["cell"])
    return "".join(f" {c['cell'] // m.MERGED + 1} {c['cell'] % m.MERGED + 1}{look(c)}" for c in cells)


class Examples:
    def __init__(self, folder):
        folder = Path(folder)
        self.captions = [json.loads(line) for line in open(folder / "captions.jsonl")]
        self.changes = [json.loads(line) for line in open(folder / "changes.jsonl")]
        self._images = torch.from_numpy(np.fromfile(folder / "images.rgb", np.uint8)).reshape(-1, SIDE, SIDE, 3)

    @property
    def images(self):
        return len(self._images)

    def patches(self, numbers):
        return m.patches(self._images[torch.tensor(numbers)])

    def texts(self):
        for example in self.captions[:20000]:
            for caption in example["captions"]:
                yield "Candidate:" + caption["text"]
                yield "Query:" + caption["text"]
                yield caption["text"]
            yield DESCRIBE + place_and_look(example["cells"])
        for example in self.changes[:20000]:
            yield example["text"] + "Candidate:"
            yield "\n" + example["text"]


class Rows:
    """Rows of one beginning and several ends, with what is to be learned at which token (-1: nothing).

    answer: at the last token of an end, is it so?  so_far: at each word of a caption, can it still be so?
    following: the next token of a true caption.  looks: at image tokens, the object's size, colour, shape.
    """

    def __init__(self, tokenizer):
        self.tokenizer = tokenizer
        self.image = tokenizer.token_to_id(words.IMAGE)
        self.rows, self.images = [], []

    def ids(self, text):
        return self.tokenizer.encode(text).ids

    def begin(self, number, cells, before, after):
        """A beginning: text, image, text."""
        self.rows.append(([], []))
        self._add(0, self.ids(words.START + words.INSTRUCTION + before))
        self._add_image(0, number, cells)
        self._add(0, self.ids(after))

    def end_caption(self, label, caption):
        text = label + caption["text"]
        encoded = self.tokenizer.encode(text)
        part = self._next_part()
        tokens = []
        for i, (token, (_, end)) in enumerate(zip(encoded.ids, encoded.offsets)):
            labels = {}
            if end > len(label) and (end == len(text) or text[end] == " "):
                labels["so_far"] = int(len(text[len(label) : end].split()) <= caption["trueWords"])
            if caption["holds"] and i + 1 < len(encoded.ids) and end >= len(label):
                labels["following"] = encoded.ids[i + 1]
            tokens.append((token, labels))
        self._add(part, tokens)
        self._finish(part, caption)

    def end_description(self, description):
        """What to say of the scene; learned from, and never asked for."""
        ids = self.ids(DESCRIBE + description + words.END)
        self._add(self._next_part(), [(i, dict(following=j)) for i, j in zip(ids, ids[1:])])

    def end_image(self, candidate):
        part = self._next_part()
        self._add_image(part, candidate["image"], candidate["cells"], candidate["wantedCells"])
        self._finish(part, candidate)

    def _finish(self, part, candidate):
        kind = 0 if candidate["holds"] else 1 if candidate["near"] else 2
        self._add(part, [(self.tokenizer.token_to_id(words.END), dict(answer=int(candidate["holds"]), kind=kind))])

    def _next_part(self):
        return max(part for part, *_ in self.rows[-1][0]) + 1

    def _position(self, part):
        row = self.rows[-1][0]
        own = [max(p) for q, _, p, _ in row if q == part] or [max(p) for q, _, p, _ in row if q == 0]
        return max(own) + 1 if own else 0

    def _add(self, part, tokens):
        at = self._position(part)
        for i, token in enumerate(tokens):
            token, labels = token if isinstance(token, tuple) else (token, {})
            self.rows[-1][0].append((part, token, (at + i,) * 3, labels))

    def _add_image(self, part, number, cells, wanted=None):
        self.images.append(number)
        self._add(part, self.ids(words.VISION_START))
        at = self._position(part)
        objects = {cell["cell"]: cell for cell in cells}
        for i in range(m.IMAGE_TOKENS):
            labels = {}
            if i in objects:
                o = objects[i]
                labels["looks"] = [g.index(o[k]) for g, k in zip(GROUPS, ("size", "colour", "shape"))]
                if wanted is not None:
                    labels["so_far"] = int(i in wanted)
            self.rows[-1][0].append((part, self.image, (at, at + i // m.MERGED, at + i % m.MERGED), labels))
        self._add(part, self.ids(words.VISION_END))

    def tensors(self):
        n, width = len(self.rows), max(len(row) for row, _ in self.rows)
        ids, part = torch.zeros(n, width, dtype=torch.long), torch.full((n, width), -1)
        positions = torch.zeros(3, n, width, dtype=torch.long)
        labels = {name: torch.full((n, width), -1) for name in ("answer", "so_far", "following", "kind")}
        labels["looks"] = torch.full((n, width, 3), -1)
        for i, (row, _) in enumerate(self.rows):
            ids[i, : len(row)] = torch.tensor([token for _, token, _, _ in row])
            part[i, : len(row)] = torch.tensor([p for p, *_ in row])
            positions[:, i, : len(row)] = torch.tensor([p for _, _, p, _ in row]).T
            for j, (*_, said) in enumerate(row):
                for name, value in said.items():
                    labels[name][i, j] = torch.tensor(value)
        mask = (part[:, :, None] == part[:, None, :]) | (part[:, None, :] == 0)
        mask &= torch.ones(width, width, dtype=torch.bool).tril()
        mask |= torch.eye(width, dtype=torch.bool)
        return ids, positions, mask[:, None], labels


def caption_rows(tokenizer, examples, numbers):
    rows = Rows(tokenizer)
    for number in numbers:
        example = examples.captions[number]
        first, second = ("Candidate:", "Query:") if number % 2 else ("Query:", "Candidate:")
        rows.begin(example["image"], example["cells"], first, "")
        for caption in example["captions"]:
            rows.end_caption(second, caption)
        rows.end_description(place_and_look(example["cells"]))
    return rows


def change_rows(tokenizer, examples, numbers):
    rows = Rows(tokenizer)
    for number in numbers:
        example = examples.changes[number]
        rows.begin(example["image"], example["cells"], "Query:", example["text"] + "Candidate:")
        for candidate in example["candidates"]:
            rows.end_image(candidate)
        rows.end_description("".join(sorted(map(look, example["candidates"][0]["cells"]))))
    return rows
