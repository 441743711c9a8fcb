"""Writes a workspace of given vectors, as `ingest` and `embed` leave it.

    python workspace.py WORKSPACE --queries N --candidates N [--dimensions N]

Each query has one positive, which is near to it. Vectors are unit vectors around 1,000 centres.
"""

import argparse
import json
import uuid
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

ROWS = 50_000  # of a file
SPARK = {"string": "string", "int32": "integer", "float": "float", "bool": "boolean"}


def unit(vectors):
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def vectors(random, centres, rows):
    return unit(random.standard_normal((rows, centres.shape[1]), dtype=np.float32) + centres[random.integers(0, len(centres), rows)])


def write(workspace, table, parts, counts=None):
    """Parts are tables of pyarrow, one for each file."""
    commit = "20000101T000000-" + uuid.uuid4().hex[:8]
    folder = Path(workspace) / table / commit
    folder.mkdir(parents=True)
    schema = None
    for number, part in enumerate(parts):
        schema = part.schema
        pq.write_table(part, folder / f"part-{number:05d}.parquet", use_dictionary=False)
    fields = []
    for field in schema:
        if pa.types.is_list(field.type):
            kind = {"type": "array", "elementType": "float", "containsNull": True}
        else:
            kind = SPARK[str(field.type)]
        fields.append({"name": field.name, "type": kind, "nullable": True, "metadata": {}})
    manifest = {
        "id": str(uuid.uuid4()),
        "commits": [commit],
        "columns": json.dumps({"type": "struct", "fields": fields}),
        "job": "given",
        "jobVersion": 1,
        "inputs": {"image-root": ""},
        "settings": {},
        "counts": counts or {},
        "seconds": 0.0,
        "created": "2000-01-01T00:00:00Z",
    }
    (Path(workspace) / table / "_manifest.json").write_text(json.dumps(manifest, indent=2))


def item_parts(prefix, count):
    for start in range(0, count, ROWS):
        numbers = range(start, min(count, start + ROWS))
        none = pa.nulls(len(numbers), pa.string())
        yield pa.table(
            {
                ("query_id" if prefix == "q" else "candidate_id"): [f"{prefix}{i:08d}" for i in numbers],
                "dataset": none,
                "text": [f"{prefix} {i}" for i in numbers],
                "image": none,
                "content_hash": [f"{prefix}{i:063d}" for i in numbers],
            }
        )


def vector_parts(name, prefix, rows):
    for start in range(0, len(rows), ROWS):
        some = rows[start : start + ROWS]
        offsets = np.arange(0, some.size + 1, some.shape[1], dtype=np.int32)
        lists = pa.ListArray.from_arrays(pa.array(offsets), pa.array(some.ravel()))
        yield pa.table({name: [f"{prefix}{start + i:08d}" for i in range(len(some))], "embedding": lists})


def make(workspace, queries, candidates, dimensions):
    random = np.random.default_rng(0)
    centres = random.standard_normal((1000, dimensions), dtype=np.float32)
    found = vectors(random, centres, candidates)
    asked = unit(found[:queries] + vectors(random, centres, queries))  # the positive of query i is candidate i
    write(workspace, "queries", item_parts("q", queries))
    write(workspace, "candidates", item_parts("c", candidates))
    ids = {"query_id": [f"q{i:08d}" for i in range(queries)], "candidate_id": [f"c{i:08d}" for i in range(queries)]}
    write(workspace, "positives", [pa.table(ids)])
    write(workspace, "query_embeddings", vector_parts("query_id", "q", asked))
    write(workspace, "candidate_embeddings", vector_parts("candidate_id", "c", found))


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("workspace")
    arguments.add_argument("--queries", type=int, required=True)
    arguments.add_argument("--candidates", type=int, required=True)
    arguments.add_argument("--dimensions", type=int, default=768)
    a = arguments.parse_args()
    make(a.workspace, a.queries, a.candidates, a.dimensions)
