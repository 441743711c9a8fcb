"""Whole commands of Assay and of a peer on the same vectors, alternating.

    python jobs.py flat|ivf|mine FOLDER [--queries N] [--candidates N] [--rounds N] [--cells N] [--probes N]
                   [--peer-probes N]

flat: `assay retrieve` and a program that reads the same Parquet, builds IndexFlatIP, searches, and writes Parquet.
ivf: the same with cells; give both sides the probes that reach the same recall, which is printed for both.
mine: `assay retrieve` and `assay mine`, and `mine_hard_negatives`. The judge's scores, which `mine` reads, are
written between the two commands and not timed; with beta = -1 they drop nothing.

FOLDER keeps the vectors for the next call. Prints seconds of each round, the ratio (median, range), and how many of the
peer's results Assay found too.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

import workspace

here = Path(__file__).resolve().parent
assay = os.environ.get("ASSAY", here.parent.parent.parent / "bin/assay")
arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
arguments.add_argument("what", choices=["flat", "ivf", "mine"])
arguments.add_argument("folder", type=Path)
defaults = dict(queries=2_000, candidates=1_000_000, dimensions=768, k=50, rounds=3, cells=1024, probes=32)
for name, value in defaults.items():
    arguments.add_argument("--" + name, type=int, default=value)
arguments.add_argument("--peer-probes", type=int, default=32)
a = arguments.parse_args()
work = a.folder / f"{a.queries}-{a.candidates}-{a.dimensions}"
if not (work / "candidate_embeddings/_manifest.json").exists():
    shutil.rmtree(work, ignore_errors=True)
    workspace.make(work, a.queries, a.candidates, a.dimensions)
output = a.folder / "peer.parquet"


def timed(*command):
    start = time.perf_counter()
    ran = subprocess.run([str(part) for part in command], stdout=subprocess.PIPE, text=True)
    seconds = time.perf_counter() - start
    if ran.returncode:
        sys.exit(f"{command} ended with status {ran.returncode}\n{ran.stdout}")
    for line in ran.stdout.splitlines():
        print("   ", line)
    return seconds


def table(name):
    commits = json.loads((work / name / "_manifest.json").read_text())["commits"]
    return pa.concat_tables(pq.read_table(work / name / commit) for commit in commits)


def scored():
    """Scores that drop nothing: each positive is right, everything else is wrong."""
    retrieved, positives = table("retrieved"), table("positives")
    positives = positives.append_column("rank", pa.nulls(len(positives), pa.int32()))
    positives = positives.append_column("similarity", pa.nulls(len(positives), pa.float32()))
    columns = ["query_id", "candidate_id", "rank", "similarity"]
    pairs = pa.concat_tables(
        [
            part.select(columns)
            .add_column(2, "is_positive", pa.array(np.full(len(part), right)))
            .append_column("margin", pa.array(np.full(len(part), margin, dtype=np.float32)))
            .append_column("score", pa.array(np.full(len(part), score, dtype=np.float32)))
            .append_column("judge", pa.array(["given"] * len(part)))
            for part, right, margin, score in [(retrieved, False, -2.0, 0.12), (positives, True, 2.0, 0.88)]
        ],
        promote_options="default",
    )
    workspace.write(work, "scored", [pairs])


def ours():
    for made in ["retrieved", "excluded", "scored", "decisions", "negatives"]:
        shutil.rmtree(work / made, ignore_errors=True)
    settings = [f"assay.retrieve.top-k={a.k}", "assay.retrieve.max-similarity=none", "assay.mine.beta=-1", "assay.mine.step=1"]
    if a.what == "ivf":
        settings += ["assay.retrieve.method=ivf", f"assay.retrieve.ivf.cells={a.cells}"]
        settings += [f"assay.retrieve.ivf.probes={a.probes}"]
    options = ["--workspace", work] + [word for setting in settings for word in ("--set", setting)]
    seconds = timed(assay, "retrieve", *options)
    if a.what == "mine":
        scored()
        seconds += timed(assay, "mine", *options)
    return seconds


def theirs():
    probes = ["--k", a.k, "--cells", a.cells, "--probes", a.peer_probes]
    return timed(sys.executable, here / "peer.py", a.what, work, output, *probes)


def pairs(rows):
    return set(zip(rows["query_id"].to_pylist(), rows["candidate_id"].to_pylist()))


def agreement():
    if a.what == "mine":
        peer = pq.read_table(output)
        negatives = [name for name in peer.column_names if name.startswith("negative")]
        expected = {(q, c) for name in negatives for q, c in zip(peer["query_id"].to_pylist(), peer[name].to_pylist())}
        mined = table("negatives")
        found = {
            (query, negative["candidate_id"])
            for query, list in zip(mined["query_id"].to_pylist(), mined["negatives"].to_pylist())
            for negative in list
        }
    else:
        expected = pairs(pq.read_table(output))
        found = pairs(table("retrieved")) | pairs(table("excluded"))  # the peer does not exclude positives
    both = len(expected & found)
    print(f"{both:,} of the peer's {len(expected):,} results are Assay's too ({both / len(expected):.4%})")


ratios = []
for _ in range(a.rounds):
    peer, own = theirs(), ours()
    ratios.append(peer / own)
    print(f"peer {peer:.2f} s, Assay {own:.2f} s, ratio {ratios[-1]:.2f}")
agreement()
print(f"ratio: median {statistics.median(ratios):.2f}, from {min(ratios):.2f} to {max(ratios):.2f}")
