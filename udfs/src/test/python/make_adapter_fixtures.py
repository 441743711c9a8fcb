"""Makes adapters with PEFT on the tiny checkpoints, and what transformers and PEFT make of them together.

    python make_adapter_fixtures.py [FOLDER]

Run it after make_fixtures.py, on the same folder. Needs peft besides what that one needs.
"""

import json
import shutil
import sys
from pathlib import Path

import peft
import torch
import transformers
from peft import LoraConfig, PeftModel, get_peft_model
from transformers import AutoModelForImageTextToText

import fixture_texts
from fixture_prompts import Prompts, embedding_parts, judge_parts
from fixture_reference import ORDERS, Model
from make_fixtures import DEFAULT, dump

DECODER = ["q_proj", "k_proj", "v_proj", "o_proj", "down_proj"]
BOTH = r"lm_head|model\.(language_model\.layers|visual\.blocks)\.\d+\.(self_attn\.[qv]_proj|attn\.qkv|mlp\.(up|down)_proj)"

ADAPTERS = {
    "qwen2-vl": LoraConfig(r=4, lora_alpha=8, lora_dropout=0.1, target_modules=DECODER, task_type="CAUSAL_LM"),
    "qwen2.5-vl": LoraConfig(
        r=3,
        lora_alpha=5.5,
        target_modules=BOTH,
        use_rslora=True,
        rank_pattern={r"layers\.1\.self_attn\.q_proj": 5},
        alpha_pattern={"mlp.up_proj": 2, r"visual\.blocks\.[01]\.attn\.qkv": 9},
        task_type="CAUSAL_LM",
    ),
}


class Adapted(Model):
    """A checkpoint under an adapter, not merged: PEFT's own layers compute."""

    def __init__(self, folder: Path, adapter: Path):
        super().__init__(folder, torch.float32)
        self.model = PeftModel.from_pretrained(self.model, adapter).eval().base_model.model
        self.inner = self.model.model

    @torch.inference_mode()
    def margin(self, prompt, yes, no):
        logits = self.model.lm_head(self.hidden(prompt, self.positions(prompt))[-1])
        return float(logits[yes] - logits[no])


def save(base: Path, config, folder: Path, seed):
    model = get_peft_model(AutoModelForImageTextToText.from_pretrained(base, dtype=torch.float32), config)
    generator = torch.Generator().manual_seed(seed)
    for name, weight in sorted(model.named_parameters()):
        if ".lora_" in name:
            weight.data.copy_(torch.randn(weight.shape, generator=generator) * 0.15)
    model.save_pretrained(folder, save_embedding_layers=False)
    (folder / "README.md").unlink(missing_ok=True)
    file = folder / "adapter_config.json"
    saved = json.loads(file.read_text())
    saved["base_model_name_or_path"] = base.name  # beside it
    if isinstance(saved["target_modules"], list):
        saved["target_modules"].sort()  # PEFT keeps a set
    file.write_text(json.dumps(saved, indent=2) + "\n")


def reference(name, base: Path, adapter: Path, images: Path):
    prompts = Prompts(base, images)
    plain, adapted = Model(base, torch.float32), Adapted(base, adapter)
    yes, no = prompts.tokenizer.convert_tokens_to_ids(["Yes", "No"])
    cases, embeddings, moved, turned = [], [], [], []
    for case, query, candidate in fixture_texts.PAIRS:
        for order in ORDERS:
            prompt = prompts.chat(judge_parts(query, candidate, order))
            if prompt.resized:
                continue
            margin = adapted.margin(prompt, yes, no)
            moved.append(abs(margin - plain.margin(prompt, yes, no)))
            cases.append({"name": case, "order": order, "query": query, "candidate": candidate, "margin": margin})
    for case, item in fixture_texts.EMBEDDED:
        prompt = prompts.plain(embedding_parts(item))
        if not prompt.resized:
            vector = adapted.embedding(prompt)
            turned.append(float(vector @ plain.embedding(prompt)))
            embeddings.append({"name": case, "item": item, "embedding": vector.tolist()})
    print(
        f"{name}: {len(cases)} margins moved by {min(moved):.3f} to {max(moved):.3f}; {len(embeddings)} embeddings "
        f"turned to cosines of {min(turned):.3f} to {max(turned):.3f}"
    )
    made_with = {"torch": torch.__version__, "transformers": transformers.__version__, "peft": peft.__version__}
    return {"adapter": name, "made_with": made_with, "cases": cases, "embeddings": embeddings}


def main():
    torch.set_num_threads(2)
    transformers.utils.logging.disable_progress_bar()
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT
    for seed, (base, config) in enumerate(ADAPTERS.items()):
        name = f"{base}-peft"
        shutil.rmtree(folder / name, ignore_errors=True)
        save(folder / base, config, folder / name, seed)
        dump(folder / f"reference-{name}.json", reference(name, folder / base, folder / name, folder / "images"))


if __name__ == "__main__":
    main()
