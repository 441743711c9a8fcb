"""Times transformers on one query against many short texts, pair by pair and packed.

    python transformers_baseline.py CHECKPOINT [--pairs 50] [--batches 1,8] [--threads 2] [--output FILE]

CHECKPOINT is made by make_checkpoint.py; its inputs.json says what is judged. Prints one JSON object:
seconds to load, bfloat16 matrix products of the machine, seconds a vision pass, pairs/s, margins, peak
memory. "alone" runs every pair by itself, its image through the vision tower each time, as a user of
transformers would; "packed" runs the shared tokens and every pair's own tokens in one forward.
"""

import argparse
import json
import os
import resource
import time
from pathlib import Path

parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
parser.add_argument("checkpoint", type=Path)
parser.add_argument("--pairs", type=int, default=50, help="how many of the texts to judge packed")
parser.add_argument("--alone", type=int, default=None, help="how many to judge pair by pair (default: as --pairs)")
parser.add_argument("--batches", default="1,8", help="batch sizes for pair by pair; empty for none")
parser.add_argument("--repeats", type=int, default=1, help="runs of the packed forward; the fastest counts")
parser.add_argument("--threads", type=int, default=os.cpu_count())
parser.add_argument("--dtype", default="bfloat16", choices=["bfloat16", "float32"])
parser.add_argument("--output", type=Path)
arguments = parser.parse_args()

import torch  # noqa: E402  (after the arguments, so that --help is quick)
from PIL import Image  # noqa: E402
from transformers import AutoTokenizer, Qwen2VLForConditionalGeneration, Qwen2VLImageProcessorPil, logging  # noqa: E402

IMAGE_TOKEN = "<|image_pad|>"


def seconds(work, repeats=1):
    best, result = float("inf"), None
    for _ in range(repeats):
        start = time.perf_counter()
        result = work()
        best = min(best, time.perf_counter() - start)
    return best, result


def peak_gigabytes():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e9


def matrix_rate(tokens=1024, inner=1536, outer=8960):
    """bfloat16 TFLOP/s of this machine, on the product that the model is made of."""
    a, w = torch.randn(tokens, inner).bfloat16(), torch.randn(outer, inner).bfloat16()
    torch.nn.functional.linear(a, w)
    spent, _ = seconds(lambda: torch.nn.functional.linear(a, w), repeats=8)
    return 2 * tokens * inner * outer / spent / 1e12


class Baseline:
    def __init__(self, folder, dtype):
        self.tokenizer = AutoTokenizer.from_pretrained(folder)
        self.processor = Qwen2VLImageProcessorPil.from_pretrained(folder)
        self.model = Qwen2VLForConditionalGeneration.from_pretrained(folder, dtype=dtype, attn_implementation="sdpa").eval()
        weight = self.model.lm_head.weight
        yes, no = self.tokenizer.convert_tokens_to_ids(["Yes", "No"])
        self.direction = weight[yes].float() - weight[no].float()
        self.image_id = self.model.config.image_token_id

    def look(self, image):
        batch = self.processor(images=[Image.open(image).convert("RGB")], return_tensors="pt")
        return batch["pixel_values"], batch["image_grid_thw"]

    def ids(self, inputs, candidate, image_tokens):
        parts = [inputs["instruction"], "Query:", None, inputs["query"]["text"], "Candidate:", candidate]
        content = [{"type": "image"} if part is None else {"type": "text", "text": part} for part in parts]
        text = self.tokenizer.apply_chat_template(
            [{"role": "user", "content": content}], tokenize=False, add_generation_prompt=True
        )
        return self.tokenizer(text.replace(IMAGE_TOKEN, IMAGE_TOKEN * image_tokens))["input_ids"]

    def types(self, ids):
        return (ids == self.image_id).int()

    def vision(self, pixels, grid):
        return self.model.model.get_image_features(pixels, grid, return_dict=True).pooler_output

    def alone(self, sequences, pixels, grid):
        """Margins of one batch: padded on the left, one image each."""
        longest = max(map(len, sequences))
        pad = self.tokenizer.pad_token_id
        ids = torch.tensor([[pad] * (longest - len(s)) + s for s in sequences])
        mask = torch.tensor([[0] * (longest - len(s)) + [1] * len(s) for s in sequences])
        hidden = self.model.model(
            input_ids=ids,
            attention_mask=mask,
            mm_token_type_ids=self.types(ids),
            pixel_values=pixels.repeat(len(sequences), 1),
            image_grid_thw=grid.repeat(len(sequences), 1),
            use_cache=False,
        ).last_hidden_state
        return (hidden[:, -1].float() @ self.direction).tolist()

    def packed(self, sequences, pixels, grid):
        """The same margins: shared tokens once, then every pair's own, which see the shared and themselves."""
        shared = next(i for i in range(min(map(len, sequences))) if len({s[i] for s in sequences}) > 1)
        tails = [s[shared:] for s in sequences]
        ids = torch.tensor([sequences[0][:shared] + [token for tail in tails for token in tail]])
        first = torch.tensor([sequences[0]])
        start = self.model.model.get_rope_index(first, mm_token_type_ids=self.types(first), image_grid_thw=grid)[0][:, 0]
        own = [torch.arange(len(tail)) + start[:, shared : shared + 1] for tail in tails]
        positions = torch.cat([start[:, :shared], *own], 1)[:, None]
        owner = torch.tensor([-1] * shared + [i for i, tail in enumerate(tails) for _ in tail])
        order = torch.arange(len(owner))
        mask = ((owner[:, None] == owner) | (owner == -1)) & (order[:, None] >= order)
        hidden = self.model.model(
            input_ids=ids,
            attention_mask=mask[None, None],
            position_ids=positions,
            mm_token_type_ids=self.types(ids),
            pixel_values=pixels,
            image_grid_thw=grid,
            use_cache=False,
        ).last_hidden_state[0]
        ends = torch.tensor([len(tail) for tail in tails]).cumsum(0) + shared - 1
        return (hidden[ends].float() @ self.direction).tolist(), shared


@torch.inference_mode()
def main():
    logging.disable_progress_bar()
    torch.set_num_threads(arguments.threads)
    folder = arguments.checkpoint
    inputs = json.loads((folder / "inputs.json").read_text())
    result = {"torch": torch.__version__, "threads": arguments.threads, "dtype": arguments.dtype}
    result["matrix_tflops_bfloat16"] = matrix_rate()
    result["load_seconds"], model = seconds(lambda: Baseline(folder, getattr(torch, arguments.dtype)))
    result["peak_gb_after_load"] = peak_gigabytes()

    pixels, grid = model.look(folder / inputs["query"]["image"])
    result["vision_seconds"], features = seconds(lambda: model.vision(pixels, grid), repeats=2)
    image_tokens = len(features[0])
    sequences = [model.ids(inputs, text, image_tokens) for text in inputs["candidates"][: arguments.pairs]]
    result |= {"image_tokens": image_tokens, "tokens_a_pair": sum(map(len, sequences)) / len(sequences)}

    chosen = sequences[: arguments.alone if arguments.alone is not None else len(sequences)]
    for batch in [int(size) for size in arguments.batches.split(",") if size]:
        groups = [chosen[i : i + batch] for i in range(0, len(chosen), batch)]
        spent, margins = seconds(lambda: [m for group in groups for m in model.alone(group, pixels, grid)])
        result[f"alone_batch_{batch}"] = {
            "pairs": len(chosen),
            "seconds": spent,
            "pairs_per_second": len(chosen) / spent,
            "margins": margins,
        }
    spent, (margins, shared) = seconds(lambda: model.packed(sequences, pixels, grid), repeats=arguments.repeats)
    result["packed"] = {
        "pairs": len(sequences),
        "shared_tokens": shared,
        "packed_tokens": shared + sum(len(s) - shared for s in sequences),
        "seconds": spent,
        "pairs_per_second": len(sequences) / spent,
        "margins": margins,
    }
    result["matrix_tflops_bfloat16_after"] = matrix_rate()
    result["peak_gb"] = peak_gigabytes()
    text = json.dumps(result, indent=1)
    print(text)
    if arguments.output:
        arguments.output.write_text(text + "\n")


if __name__ == "__main__":
    main()
