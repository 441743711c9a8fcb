"""Compares the results of both in one turn, or with --all the ratios of all turns so far."""

import json
import statistics
import sys
from pathlib import Path


def turn(folder, number):
    theirs = json.loads((folder / f"transformers-{number}.json").read_text())
    ours = json.loads((folder / f"assay-{number}.json").read_text())
    batches = {name: one for name, one in theirs.items() if name.startswith("batch_")}
    best = max(batches, key=lambda name: 1 / batches[name]["seconds"])
    their_rate = len(theirs["pairs"]) / batches[best]["seconds"]
    our_rate = ours["pairs"] / ours["seconds"]
    off = max(abs(ours["margins"][n] - m) for n, m in zip(theirs["pairs"], batches[best]["margins"]))
    inner = max(abs(a - b) for one in batches.values() for a, b in zip(one["margins"], batches[best]["margins"]))
    return {"theirs": their_rate, "best": best, "ours": our_rate, "ratio": our_rate / their_rate, "off": off,
            "inner": inner, "encoded": ours["images_encoded"] / ours["images"], "images": ours["images"]}


def main():
    folder, number = Path(sys.argv[1]), int(sys.argv[2])
    if "--all" in sys.argv:
        ratios = [turn(folder, n)["ratio"] for n in range(1, number + 1)]
        print(f"ratio: median {statistics.median(ratios):.1f}, {min(ratios):.1f} to {max(ratios):.1f}")
        return
    t = turn(folder, number)
    print(
        f"transformers {t['theirs']:.3f} pairs/s ({t['best']}), Assay {t['ours']:.3f} pairs/s: {t['ratio']:.1f} times; "
        f"{t['images']} images, each encoded {t['encoded']:.2f} times; margins differ by at most {t['off']:.4f}, "
        f"those of transformers' batch sizes by {t['inner']:.4f}",
        flush=True,
    )


if __name__ == "__main__":
    main()
