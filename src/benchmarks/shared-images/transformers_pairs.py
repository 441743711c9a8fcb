"""Times transformers on some of the pairs of make_inputs.py, each judged by itself, as its user would.

    python transformers_pairs.py CHECKPOINT INPUTS [--pairs 8] [--batches 1,4] [--order candidate-first] [--threads 2]

Prints one JSON object: for each batch size the pairs, their seconds and their margins. The pairs are spread
evenly over all of them.
"""

import argparse
import json
import os
import time
from pathlib import Path

parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
parser.add_argument("checkpoint", type=Path)
parser.add_argument("inputs", type=Path)
parser.add_argument("--pairs", type=int, default=8)
parser.add_argument("--batches", default="1,4")
parser.add_argument("--order", default="candidate-first", choices=["candidate-first", "query-first"])
parser.add_argument("--threads", type=int, default=os.cpu_count())
parser.add_argument("--dtype", default="bfloat16")
arguments = parser.parse_args()

import torch  # noqa: E402  (after the arguments, so that --help is quick)
from PIL import Image  # noqa: E402
from transformers import AutoTokenizer, Qwen2VLForConditionalGeneration, Qwen2VLImageProcessorPil, logging  # noqa: E402

IMAGE_TOKEN = "<|image_pad|>"
INSTRUCTION = (
    "I will provide you with a query and a candidate. Please evaluate whether the candidate meets "
    "the requirements of the query. If it does, respond with 'Yes'; if it doesn't, respond with 'No'."
)


class Judge:
    def __init__(self):
        folder = arguments.checkpoint
        self.tokenizer = AutoTokenizer.from_pretrained(folder)
        self.processor = Qwen2VLImageProcessorPil.from_pretrained(folder)
        dtype = getattr(torch, arguments.dtype)
        self.model = Qwen2VLForConditionalGeneration.from_pretrained(
            folder, dtype=dtype, attn_implementation="sdpa"
        ).eval()
        yes, no = self.tokenizer.convert_tokens_to_ids(["Yes", "No"])
        weight = self.model.lm_head.weight
        self.direction = weight[yes].float() - weight[no].float()
        self.image_id = self.model.config.image_token_id

    def prompt(self, query, image_tokens):
        sides = [["Candidate:", None], ["Query:", query]]
        if arguments.order == "query-first":
            sides.reverse()
        content = [
            {"type": "image"} if part is None else {"type": "text", "text": part}
            for part in [INSTRUCTION, *sides[0], *sides[1]]
        ]
        text = self.tokenizer.apply_chat_template(
            [{"role": "user", "content": content}], tokenize=False, add_generation_prompt=True
        )
        return self.tokenizer(text.replace(IMAGE_TOKEN, IMAGE_TOKEN * image_tokens))["input_ids"]

    def margins(self, batch):
        """Margins of (text, image file) pairs: images are read, processed and encoded for each."""
        images = [Image.open(image).convert("RGB") for _, image in batch]
        seen = self.processor(images=images, return_tensors="pt")
        counts = (seen["image_grid_thw"].prod(-1) // 4).tolist()
        sequences = [self.prompt(query, count) for (query, _), count in zip(batch, counts)]
        longest = max(map(len, sequences))
        pad = self.tokenizer.pad_token_id
        ids = torch.tensor([[pad] * (longest - len(s)) + s for s in sequences])
        mask = torch.tensor([[0] * (longest - len(s)) + [1] * len(s) for s in sequences])
        hidden = self.model.model(
            input_ids=ids,
            attention_mask=mask,
            mm_token_type_ids=(ids == self.image_id).int(),
            pixel_values=seen["pixel_values"],
            image_grid_thw=seen["image_grid_thw"],
            use_cache=False,
        ).last_hidden_state
        return (hidden[:, -1].float() @ self.direction).tolist()


@torch.inference_mode()
def main():
    logging.disable_progress_bar()
    torch.set_num_threads(arguments.threads)
    inputs = json.loads((arguments.inputs / "inputs.json").read_text())
    judge = Judge()
    step = max(1, len(inputs["pairs"]) // arguments.pairs)
    numbers = list(range(0, len(inputs["pairs"]), step))[: arguments.pairs]
    chosen = [inputs["pairs"][i] for i in numbers]
    chosen = [(inputs["queries"][q], arguments.inputs / inputs["images"][i]) for q, i in chosen]
    judge.margins(chosen[:1])  # the first pass reads the mapped weights
    result = {"pairs": numbers}
    for batch in [int(size) for size in arguments.batches.split(",")]:
        start = time.perf_counter()
        margins = [m for i in range(0, len(chosen), batch) for m in judge.margins(chosen[i : i + batch])]
        result[f"batch_{batch}"] = {"seconds": time.perf_counter() - start, "margins": margins}
    print(json.dumps(result))


if __name__ == "__main__":
    main()
