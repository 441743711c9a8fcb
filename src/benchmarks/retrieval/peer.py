"""What a peer does with the vectors of a workspace, as one command. Used by jobs.py.

    python peer.py flat|ivf|mine WORKSPACE OUTPUT [--k N] [--cells N] [--probes N] [--negatives N] [--threads N]

flat, ivf: FAISS IndexFlatIP or IndexIVFFlat; the k nearest of each query. mine: `mine_hard_negatives` of
sentence-transformers with FAISS, which gets the vectors instead of a model.
"""

import argparse
import json
import time
from pathlib import Path

import faiss
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
arguments.add_argument("what", choices=["flat", "ivf", "mine"])
arguments.add_argument("workspace", type=Path)
arguments.add_argument("output")
for name, value in dict(k=50, cells=1024, probes=32, negatives=10, threads=2).items():
    arguments.add_argument("--" + name, type=int, default=value)
a = arguments.parse_args()
faiss.omp_set_num_threads(a.threads)


def read(table, name):
    commit = json.loads((a.workspace / table / "_manifest.json").read_text())["commits"][0]
    rows = pq.read_table(a.workspace / table / commit)
    vectors = rows["embedding"].combine_chunks()
    flat = vectors.values.to_numpy(zero_copy_only=False).astype(np.float32, copy=False)
    return rows[name].to_pylist(), flat.reshape(len(rows), -1)


query_ids, queries = read("query_embeddings", "query_id")
candidate_ids, candidates = read("candidate_embeddings", "candidate_id")


def search():
    dimensions = candidates.shape[1]
    start = time.perf_counter()
    if a.what == "flat":
        index = faiss.IndexFlatIP(dimensions)
    else:
        index = faiss.IndexIVFFlat(faiss.IndexFlatIP(dimensions), dimensions, a.cells, faiss.METRIC_INNER_PRODUCT)
        index.train(candidates[np.random.default_rng(0).permutation(len(candidates))[: 64 * a.cells]])
        index.nprobe = a.probes
    index.add(candidates)
    built = time.perf_counter()
    scores, found = index.search(queries, a.k)
    print(f"built in {built - start:.2f} s, searched in {time.perf_counter() - built:.2f} s")
    names = np.array(candidate_ids + [None], dtype=object)  # place -1: none
    pq.write_table(
        pa.table(
            {
                "query_id": np.repeat(query_ids, a.k),
                "candidate_id": names[found.ravel()],
                "similarity": scores.ravel(),
            }
        ),
        a.output,
    )


class Given:
    """Takes the place of a model, and looks vectors up."""

    device = "cpu"

    def encode_query(self, texts, **_):
        return queries[[self.query_places[text] for text in texts]]

    def encode_document(self, texts, **_):
        return candidates[[self.candidate_places[text] for text in texts]]

    def __init__(self):
        self.query_places = {name: place for place, name in enumerate(query_ids)}
        self.candidate_places = {name: place for place, name in enumerate(candidate_ids)}

    def get_embedding_dimension(self):
        return candidates.shape[1]

    def similarity_pairwise(self, left, right):
        import torch

        return (torch.as_tensor(left) * torch.as_tensor(right)).sum(dim=1)


def mine():
    from datasets import Dataset
    from sentence_transformers.util import mine_hard_negatives

    commit = json.loads((a.workspace / "positives" / "_manifest.json").read_text())["commits"][0]
    positives = pq.read_table(a.workspace / "positives" / commit)
    pairs = Dataset.from_dict({name: positives[name].to_pylist() for name in positives.column_names})
    mined = mine_hard_negatives(
        pairs,
        Given(),
        corpus=candidate_ids,
        range_max=a.k,
        num_negatives=a.negatives,
        sampling_strategy="top",
        output_format="n-tuple",
        use_faiss=True,
        verbose=False,
    )
    mined.to_parquet(a.output)


mine() if a.what == "mine" else search()
