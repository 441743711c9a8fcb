"""Makes pairs of text queries and images for the comparison with transformers.

    python make_inputs.py FOLDER [--queries 10] [--candidates 50] [--reuse 10] [--size 336]

Each query has CANDIDATES images, and each image is a candidate of REUSE queries: QUERIES * CANDIDATES / REUSE
images in all, drawn at random for each query. Writes inputs.json and the images. Needs numpy and Pillow.
"""

import argparse
import json
import random
from pathlib import Path

import numpy as np
from PIL import Image

WORDS = "a large small red green blue yellow white circle square triangle star left right of above below".split()


def picture(seed, size):
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[0:size, 0:size]
    a, b, c = rng.uniform(10, 60, 3)
    rgb = np.stack([x * 255 / size, y * 255 / size, 128 + 100 * np.sin(x / a) * np.cos(y / b + c)], -1)
    return Image.fromarray((rgb + rng.normal(0, 12, rgb.shape)).clip(0, 255).astype(np.uint8))


def pairs(queries, candidates, images, rng):
    """Each query draws from the images that are left in a deck of all of them, so that all are used equally often."""
    deck, found = [], []
    for query in range(queries):
        mine = set()
        while len(mine) < candidates:
            if not deck:
                deck = rng.sample(range(images), images)
            mine.add(deck.pop())
        found += [[query, image] for image in sorted(mine)]
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--queries", type=int, default=10)
    parser.add_argument("--candidates", type=int, default=50)
    parser.add_argument("--reuse", type=int, default=10)
    parser.add_argument("--size", type=int, default=336)
    arguments = parser.parse_args()
    rng = random.Random(5)
    arguments.folder.mkdir(parents=True, exist_ok=True)
    images = max(arguments.candidates, arguments.queries * arguments.candidates // arguments.reuse)
    for i in range(images):
        picture(i, arguments.size).save(arguments.folder / f"{i}.png")
    texts = [f"find the picture with {' '.join(rng.choices(WORDS, k=8))} number {i}" for i in range(arguments.queries)]
    inputs = {
        "queries": texts,
        "images": [f"{i}.png" for i in range(images)],
        "pairs": pairs(arguments.queries, arguments.candidates, images, rng),
    }
    (arguments.folder / "inputs.json").write_text(json.dumps(inputs))


if __name__ == "__main__":
    main()
