"""Trains scenes-judge in two stages.

train_judge.py EXAMPLES OUTPUT STEPS PEAK          captions only, from random weights
train_judge.py EXAMPLES OUTPUT STEPS PEAK FROM     captions (every third step) and changes; the eyes stay as they are
"""

import os
import random
import sys
import time
from pathlib import Path

import torch
import torch.nn.functional as F
from sklearn.metrics import roc_auc_score
from tokenizers import Tokenizer
from transformers import Qwen2VLForConditionalGeneration

import scenes_examples as x
import scenes_model as m
import scenes_tokenizer as words

CAPTIONS, CHANGES, HELD_BACK = 32, 40, 400


def losses(model, tokenizer, hidden, labels):
    table = model.model.language_model.embed_tokens.weight
    answers = table[[tokenizer.token_to_id(w) for w in ("No", "Yes")]]
    result = {}
    for name, rows in (("answer", answers), ("so_far", answers), ("following", table)):
        at = labels[name] >= 0
        if at.any():
            result[name] = F.cross_entropy(F.linear(hidden[at], rows), labels[name][at])
    at = labels["looks"][..., 0] >= 0
    for i, group in enumerate(x.GROUPS):
        rows = table[[tokenizer.token_to_id("Ġ" + w) for w in group]]
        result[group[0]] = F.cross_entropy(F.linear(hidden[at], rows), labels["looks"][at][:, i])
    return result


class Eyes:
    """What the vision tower makes of images; of all of them at once where it no longer learns."""

    def __init__(self, model, examples, frozen):
        self.model, self.examples, self.all = model, examples, None
        if frozen:
            model.model.visual.requires_grad_(False)
            with torch.no_grad():
                numbers = range(examples.images)
                parts = [m.see(model, examples.patches(numbers[i : i + 128])).half() for i in numbers[::128]]
            self.all = torch.cat(parts)

    def see(self, numbers):
        if self.all is None:
            return m.see(self.model, self.examples.patches(numbers))
        return self.all[torch.tensor(numbers)].float()


def forward(model, eyes, rows):
    ids, positions, mask, labels = rows.tensors()
    return m.read(model, ids, positions, mask, eyes.see(rows.images), rows.image), labels


@torch.no_grad()
def auc(model, tokenizer, eyes, make, numbers):
    """Area under the curve: of all pairs, and of those whose negatives differ in one thing."""
    table = model.model.language_model.embed_tokens.weight
    direction = table[tokenizer.token_to_id("Yes")] - table[tokenizer.token_to_id("No")]
    margins, kinds = [], []
    for start in range(0, len(numbers), 50):
        hidden, labels = forward(model, eyes, make(tokenizer, eyes.examples, numbers[start : start + 50]))
        at = labels["answer"] >= 0
        margins.append(hidden[at] @ direction)
        kinds.append(labels["kind"][at])
    margins, kinds = torch.cat(margins), torch.cat(kinds)
    near = kinds != 2
    return roc_auc_score(kinds == 0, margins), roc_auc_score(kinds[near] == 0, margins[near])


def main(folder, output, steps, peak, start_from=None):
    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", 2)))
    random.seed(0)
    examples = x.Examples(folder)
    if start_from:
        tokenizer = Tokenizer.from_file(start_from + "/tokenizer.json")
        model = Qwen2VLForConditionalGeneration.from_pretrained(start_from, dtype=torch.float32)
    else:
        tokenizer = words.train(examples.texts())
        model = m.new(tokenizer, seed=0)
    print(f"{sum(p.numel() for p in model.parameters()):,} parameters, {tokenizer.get_vocab_size()} tokens", flush=True)
    eyes = Eyes(model, examples, frozen=start_from is not None)
    optimizer = torch.optim.AdamW([p for p in model.parameters() if p.requires_grad], lr=peak, weight_decay=0.01, betas=(0.9, 0.98))
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, peak, total_steps=steps, pct_start=0.1)
    captions, changes = len(examples.captions) - HELD_BACK, len(examples.changes) - HELD_BACK
    start, seen = time.time(), {}
    for step in range(1, steps + 1):
        on_changes = start_from and step % 3
        if not on_changes:
            rows = x.caption_rows(tokenizer, examples, random.sample(range(captions), CAPTIONS))
        else:
            rows = x.change_rows(tokenizer, examples, random.sample(range(changes), CHANGES))
        hidden, labels = forward(model, eyes, rows)
        parts = losses(model, tokenizer, hidden, labels)
        sum(parts.values()).backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad()
        schedule.step()
        for name, value in parts.items():
            seen.setdefault("change_" + name if on_changes else name, []).append(value.item())
        if step % 100 == 0:
            told = " ".join(f"{k} {sum(v) / len(v):.3f}" for k, v in seen.items())
            print(f"{step} {time.time() - start:.0f}s {told}", flush=True)
            seen = {}
        if step % 200 == 0 or step == steps:
            for name, make, count in (("captions", x.caption_rows, captions), ("changes", x.change_rows, changes)):
                every, near = auc(model, tokenizer, eyes, make, range(count, count + HELD_BACK))
                print(f"{step} AUC {name}: all {every:.4f}, negatives that differ in one thing {near:.4f}", flush=True)
            m.save(model, tokenizer, Path(output))


main(sys.argv[1], sys.argv[2], int(sys.argv[3]), float(sys.argv[4]), *sys.argv[5:])
