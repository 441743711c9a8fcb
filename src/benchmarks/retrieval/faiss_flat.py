"""Seconds of FAISS IndexFlatIP on the vectors that dev.assay.retrieval.RetrievalBench wrote.

    python faiss_flat.py FOLDER [DIMENSIONS K ROUNDS THREADS]

Also counts in how many places the two found the same candidate (ties and last bits aside: all).
"""

import sys
import time
from pathlib import Path

import faiss
import numpy as np

folder = Path(sys.argv[1])
dimensions, k, rounds, threads = map(int, (sys.argv[2:] + ["768", "50", "5", "2"][len(sys.argv) - 2 :]))
faiss.omp_set_num_threads(threads)
queries = np.fromfile(folder / "queries.f32", dtype="<f4").reshape(-1, dimensions)
candidates = np.fromfile(folder / "candidates.f32", dtype="<f4").reshape(-1, dimensions)

for _ in range(rounds):
    start = time.perf_counter()
    index = faiss.IndexFlatIP(dimensions)
    index.add(candidates)
    _, found = index.search(queries, k)
    print(f"faiss flat   {time.perf_counter() - start:.2f} s")

ours = np.loadtxt(folder / "found.txt", dtype=np.int64)
print(f"same candidate in {(ours == found).sum():,} of {found.size:,} places")
