"""Compares both in one turn, or with --all the ratios of all turns so far: CHECKPOINT WORK TURN [--all].

The share of the machine's product counts two FLOP for each weight of a matrix product and token (or patch), of the
packed forward: all its tokens through all decoder layers, all patches of the image through the vision tower. The
products of attention are left out. The machine's product is that of 1024 x 1536 by 1536 x 8960 in bfloat16, in torch,
before and after transformers ran; the faster one counts.
"""

import json
import statistics
import sys
from pathlib import Path


def flop(checkpoint, packed_tokens, image_tokens):
    config = json.loads((checkpoint / "config.json").read_text())
    hidden, inner = config["hidden_size"], config["intermediate_size"]
    keys = hidden * config["num_key_value_heads"] // config["num_attention_heads"]
    layer = 2 * hidden * hidden + 2 * hidden * keys + 3 * hidden * inner
    vision = config["vision_config"]
    width, merged = vision["embed_dim"], vision["spatial_merge_size"] ** 2
    patch = vision["in_chans"] * vision["temporal_patch_size"] * vision["patch_size"] ** 2
    block = 4 * width**2 + 2 * width * int(width * vision["mlp_ratio"])
    merger = (width * merged) ** 2 + width * merged * hidden
    patches = image_tokens * merged
    weights = packed_tokens * layer * config["num_hidden_layers"] + patches * (block * vision["depth"] + width * patch)
    return 2 * (weights + image_tokens * merger)


def turn(checkpoint, folder, number):
    theirs = json.loads((folder / f"transformers-{number}.json").read_text())
    ours = json.loads((folder / f"assay-{number}.json").read_text())
    alone = {name: one for name, one in theirs.items() if name.startswith("alone_batch_")}
    best = max(alone, key=lambda name: alone[name]["pairs_per_second"])
    packed = theirs["packed"]
    product = max(theirs["matrix_tflops_bfloat16"], theirs["matrix_tflops_bfloat16_after"])
    rate = flop(checkpoint, packed["packed_tokens"], theirs["image_tokens"]) / ours["seconds"] / 1e12
    return {
        "alone": ours["pairs_per_second"] / alone[best]["pairs_per_second"],
        "packed": ours["pairs_per_second"] / packed["pairs_per_second"],
        "share": rate / product,
        "line": f"Assay {ours['pairs_per_second']:.2f} pairs/s; transformers alone "
        f"{alone[best]['pairs_per_second']:.3f} ({best[6:]}), packed {packed['pairs_per_second']:.2f}; "
        f"{rate:.3f} TFLOP/s, the machine's product {product:.3f}; margins differ from transformers' packed ones by at "
        f"most {off(ours['margins'], packed['margins']):.4f}, those of its batches by "
        f"{off(alone[best]['margins'], packed['margins']):.4f}",
    }


def off(some, others):
    return max(abs(a - b) for a, b in zip(some, others))


def main():
    checkpoint, folder, number = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    if "--all" not in sys.argv:
        print(turn(checkpoint, folder, number)["line"], flush=True)
        return
    turns = [turn(checkpoint, folder, n) for n in range(1, number + 1)]
    for name, what in [("alone", "ratio to transformers pair by pair"), ("packed", "ratio to transformers packed"),
                       ("share", "share of the machine's product")]:
        values = [one[name] for one in turns]
        print(f"{what}: median {statistics.median(values):.2f}, {min(values):.2f} to {max(values):.2f}")


if __name__ == "__main__":
    main()
