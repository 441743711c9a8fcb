"""Holds folders that Assay wrote against the fixtures, with transformers and PEFT.

    python check_adapter.py FOLDER NAME [FIXTURES]

FOLDER is an adapter on the checkpoint of reference-NAME.json, or a merged checkpoint; NAME is qwen2-vl-peft or
qwen2.5-vl-peft, whose values Assay is to have written again. Prints the largest differences in margins and embeddings.
"""

import json
import sys
import warnings
from pathlib import Path

import numpy as np
import torch
import transformers

from fixture_prompts import Prompts, embedding_parts, judge_parts
from fixture_reference import Model
from make_adapter_fixtures import Adapted
from make_fixtures import DEFAULT


def main():
    warnings.simplefilter("error")  # PEFT warns of tensors that are missing or not expected
    transformers.utils.logging.disable_progress_bar()
    folder, name = Path(sys.argv[1]), sys.argv[2]
    fixtures = Path(sys.argv[3]) if len(sys.argv) > 3 else DEFAULT
    base = fixtures / name.removesuffix("-peft")
    is_adapter = (folder / "adapter_config.json").exists()
    model = Adapted(base, folder) if is_adapter else Model(folder, torch.float32)
    prompts = Prompts(base if is_adapter else folder, fixtures / "images")
    yes, no = prompts.tokenizer.convert_tokens_to_ids(["Yes", "No"])
    reference = json.loads((fixtures / f"reference-{name}.json").read_text())
    margins = [
        model.margin(prompts.chat(judge_parts(c["query"], c["candidate"], c["order"])), yes, no) - c["margin"]
        for c in reference["cases"]
    ]
    embeddings = [
        model.embedding(prompts.plain(embedding_parts(e["item"]))).numpy() - np.array(e["embedding"])
        for e in reference["embeddings"]
    ]
    print(
        f"{folder}: {'adapter' if is_adapter else 'whole'}; {len(margins)} margins differ by at most "
        f"{np.abs(margins).max():.2e}, {len(embeddings)} embeddings by {np.abs(embeddings).max():.2e}"
    )


if __name__ == "__main__":
    main()
