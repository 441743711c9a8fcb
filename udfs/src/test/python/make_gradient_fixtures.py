"""Makes fixtures/gradients-*.safetensors: gradients of every parameter by transformers, and of every adapter by PEFT.

    python make_gradient_fixtures.py

Needs torch, transformers 5, peft, safetensors, Pillow. Beside the gradients stand the adapters' values. The loss is a
sum over prompts that a judge is asked, cross-entropies of an answer, and over items that are embedded, dot products of
their vectors of length 1 with fixed directions; see loss().
"""

import json
from pathlib import Path

import torch
from peft import LoraConfig, get_peft_model
from safetensors.torch import save_file
from transformers import AutoModelForImageTextToText

from fixture_prompts import Prompts, embedding_parts, judge_parts
from fixture_reference import Model

FOLDER = Path(__file__).resolve().parents[1] / "resources" / "fixtures"
LANGUAGE = r".*language_model.*\.(q_proj|k_proj|v_proj|o_proj|gate_proj|up_proj|down_proj)"
EVERYTHING = LANGUAGE + r"|.*visual\.(blocks.*\.(qkv|proj|fc1|fc2|gate_proj|up_proj|down_proj)|merger\.mlp\.[02])"


def direction(case, width):
    return torch.sin(0.1 * (case + 1) * torch.arange(1, width + 1))


def loss(model, reference):
    """Cases and items without resized images: those would show the resizing, not the gradients."""
    table = model.model.lm_head.weight
    total = 0.0
    for number, case in enumerate(c for c in reference["cases"] if not c["resized"]):
        prompt = model.prompts.chat(judge_parts(case["query"], case["candidate"], case["order"]))
        hidden = model.hidden.__wrapped__(model, prompt, model.positions(prompt))[-1]
        answer = torch.tensor(reference["config"]["yes_id" if number % 2 else "no_id"])
        total = total + (1 + number % 3) * torch.nn.functional.cross_entropy(table @ hidden, answer)
    for number, case in enumerate(c for c in reference["embeddings"] if not c["resized"]):
        prompt = model.prompts.plain(embedding_parts(case["item"]))
        hidden = model.hidden.__wrapped__(model, prompt, model.plain_positions(prompt))[-1]
        total = total + torch.nn.functional.normalize(hidden, dim=0) @ direction(number, len(hidden))
    return total


def released(name):
    name = name.removeprefix("base_model.model.").replace(".default.", ".")
    return name.replace("model.language_model.", "model.").replace("model.visual.", "visual.")


def gradients(model, reference):
    total = loss(model, reference)
    total.backward()
    found = {}
    for name, parameter in model.model.named_parameters():
        if parameter.requires_grad and parameter.grad is not None:
            found["gradient." + released(name)] = parameter.grad.float().contiguous()
    return total, found


def main():
    torch.set_num_threads(1)
    for name in ("qwen2-vl", "qwen2.5-vl"):
        reference = json.loads((FOLDER / f"reference-{name}.json").read_text())
        model = Model(FOLDER / name, torch.float32)
        model.prompts = Prompts(FOLDER / name, FOLDER / "images")
        total, full = gradients(model, reference)
        save_file({**full, "loss": total.detach()}, FOLDER / f"gradients-{name}-full.safetensors")
        stabilized = name != "qwen2-vl"
        config = LoraConfig(r=4, lora_alpha=12, target_modules=EVERYTHING, use_rslora=stabilized)
        model.model.requires_grad_(False)
        adapted = get_peft_model(model.model, config)
        torch.manual_seed(0)
        for key, parameter in adapted.named_parameters():
            if "lora_" in key:
                parameter.data.normal_(0, 0.05)
        values = {
            "value." + released(key): parameter.detach().clone()
            for key, parameter in adapted.named_parameters()
            if "lora_" in key
        }
        total, low_rank = gradients(model, reference)
        assert {k.split(".", 1)[1] for k in values} == {k.split(".", 1)[1] for k in low_rank}
        save_file({**values, **low_rank, "loss": total.detach()}, FOLDER / f"gradients-{name}-lora.safetensors")
        print(name, len(full), "full and", len(low_rank), "adapter gradients")


main()
