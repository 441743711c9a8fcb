"""Seconds of a training step in torch, transformers and PEFT: torch_step.py CHECKPOINT [options]; see README.md."""

import argparse
import io
import time

import numpy as np
import torch
import torch.nn.functional as F
from peft import LoraConfig, get_peft_model
from PIL import Image
from transformers import AutoModelForImageTextToText, AutoTokenizer, Qwen2VLImageProcessorPil

WORDS = "a large small red green blue yellow circle square triangle star left of right above below the and".split()
TARGETS = r".*language_model.*\.(q_proj|k_proj|v_proj|o_proj|down_proj)"


def texts(count, words):
    """The same in StepBench.java."""
    state, made = 12345, []
    for number in range(count):
        length, text = words * (3 + number % 3) // 4, []
        for _ in range(length):
            state = (state * 1103515245 + 12345) % 2**31
            text.append(WORDS[state // 65536 % len(WORDS)])
        made.append(" ".join(text))
    return made


def image(number, step, side):
    """A PNG file; the same pixels in StepBench.java."""
    y, x, c = np.mgrid[0:side, 0:side, 0:3]
    pixels = (x * (3 + c) + y * 5 + number * 37 + step * 101) * 7 % 256
    file = io.BytesIO()
    Image.fromarray(pixels.astype(np.uint8)).save(file, "png")
    return file.getvalue()


def peak():
    return next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM")) / 2**20


def main():
    options = argparse.ArgumentParser()
    options.add_argument("checkpoint")
    options.add_argument("--queries", type=int, default=4)
    options.add_argument("--negatives", type=int, default=8)
    options.add_argument("--words", type=int, default=24)
    options.add_argument("--steps", type=int, default=6)
    options.add_argument("--dtype", default="float32")
    options.add_argument("--checkpointing", action="store_true")
    options.add_argument("--side", type=int, default=0, help="positives and negatives are images of so many pixels squared")
    o = options.parse_args()
    torch.manual_seed(0)
    model = AutoModelForImageTextToText.from_pretrained(o.checkpoint, dtype=getattr(torch, o.dtype))
    model = get_peft_model(model, LoraConfig(r=16, lora_alpha=64, target_modules=TARGETS))
    model.train()
    if o.checkpointing:
        model.enable_input_require_grads()
        model.gradient_checkpointing_enable(dict(use_reentrant=False))
    trained = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(trained, lr=1e-4, weight_decay=0)
    tokenizer = AutoTokenizer.from_pretrained(o.checkpoint)
    group = 2 + o.negatives
    words = texts(o.queries * group, o.words)
    images = [i for i in range(len(words)) if o.side and i % group]
    processor = Qwen2VLImageProcessorPil.from_pretrained(o.checkpoint) if images else None
    for step in range(o.steps):
        files = {i: image(i, step, o.side) for i in images}
        start, before = time.perf_counter(), time.process_time()
        seen = {}
        if images:
            pictures = [Image.open(io.BytesIO(files[i])).convert("RGB") for i in images]
            batch = processor(images=pictures, return_tensors="pt")
            seen = dict(pixel_values=batch["pixel_values"].to(model.dtype), image_grid_thw=batch["image_grid_thw"])
            per_image = int(batch["image_grid_thw"][0].prod()) // 4
        encoded = [
            [model.config.image_token_id] * per_image + tokenizer("\n")["input_ids"] if i in files else tokenizer(t)["input_ids"]
            for i, t in enumerate(words)
        ]
        width = max(map(len, encoded))
        ids = torch.tensor([row + [0] * (width - len(row)) for row in encoded])
        mask = torch.tensor([[1] * len(row) + [0] * (width - len(row)) for row in encoded])
        last = mask.sum(1) - 1
        positions = torch.arange(width).expand(3, len(encoded), width)
        hidden = model.base_model.model.model(
            input_ids=ids, attention_mask=mask, position_ids=positions, use_cache=False, **seen
        ).last_hidden_state[torch.arange(len(encoded)), last]
        vectors = F.normalize(hidden.float(), dim=-1).view(o.queries, group, -1)
        cosines = torch.einsum("nd,nkd->nk", vectors[:, 0], vectors[:, 1:])
        loss = F.cross_entropy(cosines / 0.02, torch.zeros(o.queries, dtype=torch.long))
        loss.backward()
        torch.nn.utils.clip_grad_norm_(trained, 1.0)
        optimizer.step()
        optimizer.zero_grad()
        seconds, used = time.perf_counter() - start, time.process_time() - before
        print(f"step {step}: {seconds:.3f} s, {used:.3f} s of processor, loss {loss.item():.4f}, {int(mask.sum())} tokens", flush=True)
    print(f"peak {peak():.2f} GiB")


main()
