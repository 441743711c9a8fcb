"""The search of FAISS IndexFlatIP and of Assay's ExactTopK on the same vectors, alternating.

    python flat.py CLONE [--candidates N] [--queries N] [--dimensions N] [--k N] [--rounds N] [--threads N]

Prints seconds of each round (and of processor time, for a machine that does other work too), the ratio (median, range), and in how many places both found the same candidate. FAISS's
index is built before the clock starts. Assay's time is from vectors on the heap to the hits.
"""

import argparse
import os
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

import faiss
import numpy as np

arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
arguments.add_argument("clone", type=Path)
for name, value in dict(candidates=200_000, queries=2_000, dimensions=768, k=50, rounds=5, threads=2).items():
    arguments.add_argument("--" + name, type=int, default=value)
arguments.add_argument("--precision", help="BFLOAT16 or FLOAT32; default: what Assay chooses on this machine")
a = arguments.parse_args()


def vectors(seed, rows):
    """Unit vectors in groups around centres, as embeddings are."""
    random = np.random.default_rng(seed)
    centres = np.random.default_rng(0).standard_normal((1000, a.dimensions), dtype=np.float32)
    found = random.standard_normal((rows, a.dimensions), dtype=np.float32)
    found += centres[random.integers(0, len(centres), rows)]
    return found / np.linalg.norm(found, axis=1, keepdims=True)


def classpath():
    built = a.clone / "jobs/target/assay"
    if os.environ.get("CLASSPATH"):
        return os.environ["CLASSPATH"]
    return f"{a.clone}/udfs/target/test-classes:{built}/lib/*:{built}/spark/*"


with tempfile.TemporaryDirectory() as folder:
    queries, candidates = vectors(1, a.queries), vectors(2, a.candidates)
    queries.tofile(Path(folder) / "queries.f32")
    candidates.tofile(Path(folder) / "candidates.f32")
    java = ["java", "-Xmx6g", "-Dai.djl.pytorch.num_threads=1", "-Dai.djl.pytorch.graph_optimizer=false"]
    java += ["-Djava.awt.headless=true", "-Dlog4j2.level=ERROR", "-cp", classpath(), "dev.assay.retrieval.RetrievalBench"]
    java += [folder, str(a.dimensions), str(a.k), str(a.threads)] + ([a.precision] if a.precision else [])
    environment = dict(os.environ, DJL_OFFLINE="true", RUST_FLAVOR="cpu", OMP_NUM_THREADS="1")
    faiss.omp_set_num_threads(a.threads)
    index = faiss.IndexFlatIP(a.dimensions)
    index.add(candidates)
    with subprocess.Popen(java, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment) as assay:
        print("first pass of Assay:", assay.stdout.readline().strip())

        def ours():
            assay.stdin.write("\n")
            assay.stdin.flush()
            return map(float, assay.stdout.readline().split())

        ours()  # compiles
        ratios = []
        for _ in range(a.rounds):
            start, processor = time.perf_counter(), time.process_time()
            scores, theirs = index.search(queries, a.k)
            seconds, processor = time.perf_counter() - start, time.process_time() - processor
            own, own_processor = ours()
            ratios.append(seconds / own)
            print(
                f"FAISS {seconds:.2f} s ({processor:.2f} of processors), Assay {own:.2f} s ({own_processor:.2f}),"
                f" ratio {ratios[-1]:.2f} ({processor / own_processor:.2f})"
            )
        assay.stdin.close()
    found = np.fromfile(Path(folder) / "found.i32", dtype="<i4").reshape(-1, a.k)
    same = found == theirs
    exact = np.einsum("qd,qkd->qk", queries.astype("f8"), candidates[found].astype("f8"))
    tied = np.abs(exact - scores)[~same].max(initial=0)
    print(f"ratio: median {statistics.median(ratios):.2f}, from {min(ratios):.2f} to {max(ratios):.2f}")
    print(f"same candidate in {same.sum():,} of {same.size:,} places; where not, similarities differ by {tied:.1e} at most")
