"""Trains scenes-judge: train_judge.py EXAMPLES OUTPUT STEPS"""

import os
import random
import sys
import time
from pathlib import Path

import torch
import torch.nn.functional as F
from sklearn.metrics import roc_auc_score

import scenes_examples as x
import scenes_model as m
import scenes_tokenizer as words

PEAK, CAPTIONS, CHANGES, HELD_BACK = 2e-3, 32, 16, 400


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


def forward(model, examples, rows):
    ids, positions, mask, labels = rows.tensors()
    return m.read(model, ids, positions, mask, examples.patches(rows.images), rows.image), labels


@torch.no_grad()
def auc(model, tokenizer, examples, make, numbers):
    """Area under the curve: of all pairs, and of those whose negatives differ in one thing."""
    table = model.model.language_model.embed_tokens.weight
    direction = table[tokenizer.token_to_id("Yes")] - table[tokenizer.token_to_id("No")]
    margins, kinds = [], []
    for start in range(0, len(numbers), 50):
        hidden, labels = forward(model, examples, make(tokenizer, examples, numbers[start : start + 50]))
        at = labels["answer"] >= 0
        margins.append(hidden[at] @ direction)
        kinds.append(labels["kind"][at])
    margins, kinds = torch.cat(margins), torch.cat(kinds)
    near = kinds != 2
    return roc_auc_score(kinds == 0, margins), roc_auc_score(kinds[near] == 0, margins[near])


def main(folder, output, steps):
    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", 2)))
    random.seed(0)
    examples = x.Examples(folder)
    tokenizer = words.train(examples.texts())
    model = m.new(tokenizer, seed=0)
    print(f"{sum(p.numel() for p in model.parameters()):,} parameters, {tokenizer.get_vocab_size()} tokens", flush=True)
    optimizer = torch.optim.AdamW(model.parameters(), lr=PEAK, weight_decay=0.01, betas=(0.9, 0.98))
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, PEAK, total_steps=steps, pct_start=0.1)
    captions, changes = len(examples.captions) - HELD_BACK, len(examples.changes) - HELD_BACK
    start, seen = time.time(), {}
    for step in range(1, steps + 1):
        if step % 3:
            rows = x.caption_rows(tokenizer, examples, random.sample(range(captions), CAPTIONS))
        else:
            rows = x.change_rows(tokenizer, examples, random.sample(range(changes), CHANGES))
        hidden, labels = forward(model, examples, rows)
        parts = losses(model, tokenizer, hidden, labels)
        sum(parts.values()).backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad()
        schedule.step()
        for name, value in parts.items():
            seen.setdefault(name if step % 3 else "change_" + name, []).append(value.item())
        if step % 100 == 0:
            told = " ".join(f"{k} {sum(v) / len(v):.3f}" for k, v in seen.items())
            print(f"{step} {time.time() - start:.0f}s {told}", flush=True)
            seen = {}
        if step % 500 == 0 or step == steps:
            for name, make, count in (("captions", x.caption_rows, captions), ("changes", x.change_rows, changes)):
                every, near = auc(model, tokenizer, examples, make, range(count, count + HELD_BACK))
                print(f"{step} AUC {name}: all {every:.4f}, negatives that differ in one thing {near:.4f}", flush=True)
            m.save(model, tokenizer, Path(output))


main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
