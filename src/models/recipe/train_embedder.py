"""Trains scenes-embedder: train_embedder.py EXAMPLES JUDGE OUTPUT STEPS

It begins with the judge's eyes and words, and is trained contrastively on random negatives alone: all it is ever asked
to do is to tell the right scene from any other, not from one that is nearly right.
"""

import os
import random
import sys
import time
from pathlib import Path

import torch
import torch.nn.functional as F
from tokenizers import Tokenizer
from transformers import Qwen2VLForConditionalGeneration

import scenes_examples as x
import scenes_model as m

PEAK, BATCH, TEMPERATURE, HELD_BACK = 1e-3, 96, 0.05, 400


def embed(model, tokenizer, examples, items):
    """Items are (image number or None, text); the last token's hidden state, of norm 1."""
    image = tokenizer.token_to_id("<|image_pad|>")
    tokens, numbers = [], []
    for number, text in items:
        if number is not None:
            numbers.append(number)
            text = "\n" + text
        tokens.append([image] * (m.IMAGE_TOKENS if number is not None else 0) + tokenizer.encode(text).ids)
    width = max(map(len, tokens))
    ids = torch.zeros(len(tokens), width, dtype=torch.long)
    for i, row in enumerate(tokens):
        ids[i, : len(row)] = torch.tensor(row)
    positions = torch.arange(width).expand(3, len(tokens), width)
    mask = torch.ones(width, width, dtype=torch.bool).tril()[None, None]
    seen = m.see(model, examples.patches(numbers)) if numbers else None
    hidden = m.read(model, ids, positions, mask, seen, image)
    return F.normalize(hidden[torch.arange(len(tokens)), torch.tensor([len(row) - 1 for row in tokens])], dim=-1)


def pair(examples, number):
    """A query and its positive; two in five ask for an image, two for a caption, one for a changed image."""
    if number % 5 == 4:
        example = examples.changes[number // 5]
        return (example["image"], example["text"]), (example["candidates"][0]["image"], "")
    example = examples.captions[number]
    image, text = (example["image"], ""), (None, random.choice([c for c in example["captions"] if c["holds"]])["text"])
    return (text, image) if number % 5 < 2 else (image, text)


def similarities(model, tokenizer, examples, numbers):
    pairs = [pair(examples, number) for number in numbers]
    # Texts and images apart: rows of one length.
    sides = [side for two in pairs for side in two]
    order = sorted(range(len(sides)), key=lambda i: (sides[i][0] is not None, sides[i][1] != ""))
    out = [None] * len(sides)
    for has_image in (False, True):
        some = [i for i in order if (sides[i][0] is not None) == has_image]
        if not some:
            continue
        for i, vector in zip(some, embed(model, tokenizer, examples, [sides[i] for i in some])):
            out[i] = vector
    return torch.stack(out[0::2]) @ torch.stack(out[1::2]).T


@torch.no_grad()
def recall(model, tokenizer, examples):
    """R@1 among 200 of one task, for each task."""
    last = len(examples.captions) // 5 * 5 - 5
    result = []
    for kind in (0, 2, 4):
        top = len(examples.changes) * 5 - 5 if kind == 4 else last
        found = similarities(model, tokenizer, examples, [top + kind - 5 * i for i in range(200)])
        result.append((found.argmax(1) == torch.arange(200)).float().mean().item())
    return result


def main(folder, judge, output, steps):
    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", 2)))
    random.seed(0)
    examples = x.Examples(folder)
    tokenizer = Tokenizer.from_file(judge + "/tokenizer.json")
    model = Qwen2VLForConditionalGeneration.from_pretrained(judge, dtype=torch.float32)
    optimizer = torch.optim.AdamW(model.parameters(), lr=PEAK, weight_decay=0.01, betas=(0.9, 0.98))
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, PEAK, total_steps=steps, pct_start=0.1)
    count = min(len(examples.captions), 5 * len(examples.changes)) - 5 * HELD_BACK
    start, seen = time.time(), []
    for step in range(1, steps + 1):
        kind = random.choice(([0, 1], [2, 3], [4]))  # one task a batch, so that its own kind is what it is told from
        numbers = [5 * random.randrange(count // 5) + random.choice(kind) for _ in range(BATCH)]
        logits = similarities(model, tokenizer, examples, numbers) / TEMPERATURE
        target = torch.arange(BATCH)
        loss = (F.cross_entropy(logits, target) + F.cross_entropy(logits.T, target)) / 2
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad()
        schedule.step()
        seen.append(loss.item())
        if step % 50 == 0 or step == steps:
            told = " ".join(f"{r:.3f}" for r in recall(model, tokenizer, examples))
            print(f"{step} {time.time() - start:.0f}s loss {sum(seen) / len(seen):.3f} R@1 of 200: {told}", flush=True)
            seen = []
            m.save(model, tokenizer, Path(output))


main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]))
