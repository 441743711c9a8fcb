"""Makes metrics.json: what scikit-learn and numpy say of random rankings."""

import json
import pathlib

import numpy as np
from sklearn.metrics import label_ranking_average_precision_score, ndcg_score

OUT = pathlib.Path(__file__).parents[1] / "resources/dev/assay/job/evaluate/figures/metrics.json"
CANDIDATES = 40


def ranking(random, positives):
    """Ranks of the positives among the candidates, and what they are worth."""
    ranks = sorted(random.choice(CANDIDATES, positives, replace=False).tolist())
    relevant = np.zeros((1, CANDIDATES))
    relevant[0, ranks] = 1
    scores = -np.arange(CANDIDATES, dtype=float)[None, :]  # no ties
    first = np.zeros((1, CANDIDATES))
    first[0, ranks[0]] = 1  # with one label its average precision is the reciprocal rank
    return {
        "ranks": ranks,
        "ndcg": float(ndcg_score(relevant, scores, k=10)),
        "reciprocal_rank": float(label_ranking_average_precision_score(first, scores)),
    }


def main():
    random = np.random.default_rng(7)
    values = random.normal(size=237)
    fixtures = {
        "rankings": [ranking(random, n) for n in [1] * 30 + [2] * 20 + [3, 7, 10, 11, 15, 40] * 3],
        "percentiles": {
            "values": values.tolist(),
            "low": float(np.percentile(values, 2.5)),
            "high": float(np.percentile(values, 97.5)),
        },
    }
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(json.dumps(fixtures).replace("}, {", "},\n{") + "\n")


if __name__ == "__main__":
    main()
