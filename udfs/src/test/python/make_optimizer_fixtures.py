"""Makes udfs/src/test/resources/fixtures/optimizer.json: what torch and transformers make of the same numbers.

    python make_optimizer_fixtures.py [FILE]

Needs torch and transformers.
"""

import json
import sys
from pathlib import Path

import torch
import transformers

DEFAULT = Path(__file__).resolve().parents[1] / "resources" / "fixtures" / "optimizer.json"
SHAPES = [(3, 4), (5,), (1,)]
STEPS = 50


def numbers(tensors):
    return [tensor.flatten().tolist() for tensor in tensors]


def gradients(step, generator):
    """Of very different sizes: small ones show where epsilon stands."""
    scale = (1.0, 1e-3, 1e-8)
    return [s * (1 + 0.1 * step) * torch.randn(shape, generator=generator) for s, shape in zip(scale, SHAPES)]


def adamw(decay, rate):
    generator = torch.Generator().manual_seed(7)
    values = [torch.nn.Parameter(torch.randn(shape, generator=generator)) for shape in SHAPES]
    optimizer = torch.optim.AdamW(values, lr=1.0, weight_decay=decay)
    run = {"decay": decay, "initial": numbers(values), "rates": [], "gradients": [], "values": []}
    for step in range(STEPS):
        for value, gradient in zip(values, gradients(step, generator)):
            value.grad = gradient
        optimizer.param_groups[0]["lr"] = rate(step)
        optimizer.step()
        run["rates"].append(rate(step))
        run["gradients"].append(numbers(value.grad for value in values))
        run["values"].append(numbers(values))
    state = [optimizer.state[value] for value in values]
    run["means"] = numbers(s["exp_avg"] for s in state)
    run["squares"] = numbers(s["exp_avg_sq"] for s in state)
    return run


def schedule(shape, warm_up, steps):
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=2e-4)
    make = getattr(transformers, f"get_{shape}_schedule_with_warmup")
    arguments = {} if shape == "constant" else {"num_training_steps": steps}
    scheduler = make(optimizer, num_warmup_steps=warm_up, **arguments)
    rates = []
    for _ in range(steps + 3):
        rates.append(scheduler.get_last_lr()[0])
        optimizer.step()
        scheduler.step()
    return {"shape": shape, "peak": 2e-4, "warm_up": warm_up, "steps": steps, "rates": rates}


def clipping(most):
    generator = torch.Generator().manual_seed(3)
    values = [torch.nn.Parameter(torch.zeros(shape)) for shape in SHAPES]
    for value in values:
        value.grad = torch.randn(value.shape, generator=generator)
    before = numbers(value.grad for value in values)
    norm = torch.nn.utils.clip_grad_norm_(values, most)
    return {"most": most, "gradients": before, "norm": norm.item(), "clipped": numbers(v.grad for v in values)}


def main():
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT
    fixture = {
        "adamw": [adamw(0.0, lambda step: 1e-3), adamw(0.1, lambda step: 1e-2 * (1 - step / STEPS))],
        "schedules": [
            schedule(shape, warm_up, steps)
            for shape in ("constant", "linear", "cosine")
            for warm_up, steps in ((0, 7), (3, 10), (10, 10), (1, 40))
        ],
        "clipping": [clipping(most) for most in (1.0, 0.25, 100.0)],
    }
    out.write_text(json.dumps(fixture) + "\n")


main()
