"""Medians of the steps that run printed, and their ratio: ratio.py FOLDER."""

import pathlib
import re
import statistics
import sys

WARM_UP = 2  # steps that load and compile
STEP = re.compile(r"step \d+: ([\d.]+) s, ([\d.]+) s of processor, loss ([\d.]+)")


def medians(file):
    """Seconds and processor seconds of a step, and the loss of the first."""
    found = [tuple(map(float, step)) for step in STEP.findall(file.read_text())]
    seconds, processor, losses = zip(*found[WARM_UP:])
    return statistics.median(seconds), statistics.median(processor), found[0][2]


def shown(values, digits):
    return f"{statistics.median(values):.{digits}f} ({min(values):.{digits}f} to {max(values):.{digits}f})"


def main():
    folder = pathlib.Path(sys.argv[1])
    rounds = range(1, len(list(folder.glob("torch.*"))) + 1)
    torch, assay = ([medians(folder / f"{of}.{r}") for r in rounds] for of in ("torch", "assay"))
    apart = max(abs(t[2] - a[2]) for t, a in zip(torch, assay))
    for column, what in enumerate(("time", "processor time")):
        for of, each in (("torch", torch), ("assay", assay)):
            print(f"{of}: median {shown([e[column] for e in each], 3)} s of {what} a step")
        print(f"torch / Assay, {what}: {shown([t[column] / a[column] for t, a in zip(torch, assay)], 2)}")
    print(f"losses of the first step differ by {apart:.4f} at most")


main()
