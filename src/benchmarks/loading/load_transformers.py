"""Times transformers' loading of a checkpoint, and the first touch of every page of its weights.

    python load_transformers.py FOLDER

Weights are memory-mapped: what "load" leaves out shows in "touched". Prints one JSON object.
"""

import json
import sys
import time

import torch
from transformers import Qwen2VLForConditionalGeneration, logging

logging.set_verbosity_error()
logging.disable_progress_bar()
PAGE = 4096

used, start = time.process_time(), time.perf_counter()
model = Qwen2VLForConditionalGeneration.from_pretrained(sys.argv[1], dtype=torch.bfloat16)
loaded = time.perf_counter() - start
for parameter in model.parameters():
    parameter.data.view(-1).view(torch.uint8)[::PAGE].sum()
print(
    json.dumps(
        {
            "seconds": loaded,
            "touched": time.perf_counter() - start,
            "processor_seconds": time.process_time() - used,
        }
    )
)
