"""Medians of the steps that run printed, and their ratio: ratio.py FOLDER."""

import pathlib
import re
import statistics
import sys

WARM_UP = 2  # steps that load and compile


def steps(file):
    found = re.findall(r"step \d+: ([\d.]+) s, loss ([\d.]+)", file.read_text())
    return [float(s) for s, _ in found][WARM_UP:], [float(loss) for _, loss in found]


def main():
    folder = pathlib.Path(sys.argv[1])
    ratios, medians, apart = [], {"torch": [], "assay": []}, 0.0
    for round in range(1, len(list(folder.glob("torch.*"))) + 1):
        seconds, losses = {}, {}
        for of in medians:
            seconds[of], losses[of] = steps(folder / f"{of}.{round}")
            medians[of].append(statistics.median(seconds[of]))
        apart = max(apart, *(abs(a - b) for a, b in zip(losses["torch"][:1], losses["assay"][:1])))
        ratios.append(medians["torch"][-1] / medians["assay"][-1])
    for of, each in medians.items():
        print(f"{of}: median {statistics.median(each):.3f} s a step ({min(each):.3f} to {max(each):.3f})")
    print(
        f"torch / Assay: {statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f});"
        f" losses of the first step differ by {apart:.4f} at most"
    )


main()
