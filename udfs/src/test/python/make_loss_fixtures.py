"""Makes udfs/src/test/resources/fixtures/losses.json: contrastive losses and their gradients by torch in float64.

    python make_loss_fixtures.py [FOLDER]

`distribution-alignment` is the loss of UniME-V2's authors (SoftLabelSoftKLContrastiveLoss), for a sum of queries
instead of their mean.
"""

import json
import sys
from pathlib import Path

import torch
import torch.nn.functional as F

DEFAULT = Path(__file__).resolve().parents[1] / "resources" / "fixtures"


def alignment(queries, candidates, scores, temperature):
    cosines = torch.einsum("nd,nkd->nk", queries, candidates)
    p = F.softmax(scores / temperature, dim=-1)
    q = F.softmax(cosines / temperature, dim=-1)
    forward = F.kl_div(torch.log(q + 1e-8), p, reduction="sum", log_target=False)
    back = F.kl_div(torch.log(p + 1e-8), q, reduction="sum", log_target=False)
    return 0.5 * (forward + back)


def own_negatives(queries, candidates, scores, temperature):
    cosines = torch.einsum("nd,nkd->nk", queries, candidates)
    target = torch.zeros(len(queries), dtype=torch.long)
    return F.cross_entropy(cosines / temperature, target, reduction="sum")


def in_batch(queries, candidates, scores, temperature):
    columns = torch.cat([candidates[:, 0], candidates[:, 1:].flatten(0, 1)])
    return F.cross_entropy(queries @ columns.T / temperature, torch.arange(len(queries)), reduction="sum")


def in_batch_both_ways(queries, candidates, scores, temperature):
    back = F.cross_entropy(candidates[:, 0] @ queries.T / temperature, torch.arange(len(queries)), reduction="sum")
    return (in_batch(queries, candidates, scores, temperature) + back) / 2


def in_batch_alignment(queries, candidates, scores, temperature):
    n, k = len(queries), candidates.shape[1] - 1
    columns = torch.cat([candidates[:, 0], candidates[:, 1:].flatten(0, 1)])
    own = F.softmax(scores / temperature, dim=-1)
    wanted = torch.zeros(n, n * (1 + k), dtype=own.dtype)
    for i in range(n):
        wanted[i, i] = own[i, 0]
        wanted[i, n + i * k : n + (i + 1) * k] = own[i, 1:]
    return F.kl_div(F.log_softmax(queries @ columns.T / temperature, dim=-1), wanted, reduction="sum")


LOSSES = {
    "distribution-alignment": alignment,
    "own-negatives": own_negatives,
    "in-batch": in_batch,
    "in-batch-both-ways": in_batch_both_ways,
    "in-batch-alignment": in_batch_alignment,
}

# name, loss, queries, negatives, width, temperature, how far candidates lie from their query
CASES = [
    ("the paper's settings", "distribution-alignment", 5, 8, 24, 0.02, 0.6),
    ("near each other", "distribution-alignment", 4, 3, 16, 0.02, 0.05),
    ("scores at both ends", "distribution-alignment", 4, 8, 16, 0.02, 2.0),
    ("warm", "distribution-alignment", 3, 1, 8, 1.0, 1.0),
    ("no negatives", "distribution-alignment", 2, 0, 8, 0.02, 1.0),
    ("cold", "own-negatives", 5, 8, 24, 0.02, 0.6),
    ("warm", "own-negatives", 3, 2, 8, 0.5, 1.0),
    ("positives alone", "in-batch", 9, 0, 16, 0.05, 0.8),
    ("with negatives", "in-batch", 7, 3, 24, 0.02, 0.6),
    ("one query", "in-batch", 1, 0, 8, 0.05, 0.8),
    ("positives alone", "in-batch-both-ways", 9, 0, 16, 0.05, 0.8),
    ("with negatives", "in-batch-both-ways", 6, 2, 16, 0.1, 0.6),
    ("with negatives", "in-batch-alignment", 6, 3, 16, 0.1, 0.6),
    ("cold", "in-batch-alignment", 4, 8, 24, 0.02, 0.6),
    ("one query", "in-batch-alignment", 1, 2, 8, 0.05, 0.8),
]


def unit(generator, around=None, spread=1.0, shape=()):
    noise = torch.randn(shape, generator=generator, dtype=torch.float64)
    vectors = noise if around is None else around + spread * noise / shape[-1] ** 0.5
    # What is stored has float32's digits, so that both sides begin with the same numbers.
    return F.normalize(vectors, dim=-1).float()


def make(seed, name, loss, count, negatives, width, temperature, spread):
    generator = torch.Generator().manual_seed(seed)
    queries = unit(generator, shape=(count, width))
    candidates = unit(generator, queries[:, None], spread, (count, 1 + negatives, width))
    if name == "scores at both ends":
        scores = torch.rand((count, 1 + negatives), generator=generator).round()
    else:
        scores = torch.rand((count, 1 + negatives), generator=generator).clamp(0.001, 0.999)
    q = queries.double().requires_grad_()
    c = candidates.double().requires_grad_()
    total = LOSSES[loss](q, c, scores.double(), temperature)
    total.backward()
    return {
        "name": name,
        "loss": loss,
        "temperature": temperature,
        "queries": queries.tolist(),
        "candidates": candidates.tolist(),
        "scores": scores.tolist(),
        "sum": total.item(),
        "at_queries": q.grad.tolist(),
        "at_candidates": c.grad.tolist(),
    }


def short(value):
    """Nine significant digits bring a float32 back, and are more than the tests compare."""
    if isinstance(value, list):
        return "[" + ",".join(short(v) for v in value) + "]"
    return f"{value:.9g}"


def main():
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT
    cases = [make(seed, *case) for seed, case in enumerate(CASES)]
    rows = []
    for case in cases:
        fields = (f'  "{k}": {json.dumps(v) if isinstance(v, str) else short(v)}' for k, v in case.items())
        rows.append(" {\n" + ",\n".join(fields) + "\n }")
    text = f'{{"torch": "{torch.__version__}", "cases": [\n' + ",\n".join(rows) + "\n]}\n"
    (folder / "losses.json").write_text(text)
    for case in cases:
        print(f"{case['loss']}, {case['name']}: {case['sum']:.6f}")


if __name__ == "__main__":
    main()
