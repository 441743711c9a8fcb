"""Holds a checkpoint's margins, as the packed rows give them, to transformers on each pair alone: check.py EXAMPLES CHECKPOINT"""

import sys

import torch
from tokenizers import Tokenizer
from transformers import Qwen2VLForConditionalGeneration

import scenes_examples as x
import scenes_model as m


def alone(model, tokenizer, examples, row, images):
    """The margin of the first end of a row, by transformers."""
    image = tokenizer.token_to_id("<|image_pad|>")
    tokens = [token for part, token, *_ in row if part <= 1]
    ids = torch.tensor([tokens])
    count = tokens.count(image) // m.IMAGE_TOKENS
    hidden = model.model(
        input_ids=ids,
        pixel_values=examples.patches(images[:count]).flatten(0, 1),
        image_grid_thw=torch.tensor([[1, m.GRID, m.GRID]] * count),
        mm_token_type_ids=(ids == image).long(),
    ).last_hidden_state
    return hidden[0, -1]


@torch.no_grad()
def main(folder, checkpoint):
    examples = x.Examples(folder)
    tokenizer = Tokenizer.from_file(checkpoint + "/tokenizer.json")
    model = Qwen2VLForConditionalGeneration.from_pretrained(checkpoint, dtype=torch.float32).eval()
    table = model.model.language_model.embed_tokens.weight
    direction = table[tokenizer.token_to_id("Yes")] - table[tokenizer.token_to_id("No")]
    worst = 0.0
    for make in (x.caption_rows, x.change_rows):
        for number in range(20):
            rows = make(tokenizer, examples, [number])
            ids, positions, mask, labels = rows.tensors()
            seen = m.see(model, examples.patches(rows.images))
            packed = m.read(model, ids, positions, mask, seen, rows.image)[labels["answer"] >= 0][0] @ direction
            single = alone(model, tokenizer, examples, rows.rows[0][0], rows.images) @ direction
            worst = max(worst, abs(packed - single).item())
    print(f"margins differ by at most {worst:.2e}")
    assert worst < 1e-3


main(sys.argv[1], sys.argv[2])
