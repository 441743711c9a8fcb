"""Makes udfs/src/test/resources/fixtures/rerank-CHECKPOINT.json: how probable each candidate's number is, and what a
reranker's training rows cost.

    python make_rerank_fixtures.py [FOLDER]

Needs what make_fixtures.py made. The probability of `Ans: (12)` is a product: at each token, a softmax over the tokens
with which an answer of the list can go on. Each factor is a whole forward pass of transformers, in float32.
"""

import sys
from pathlib import Path

import torch

from fixture_prompts import Prompts, clean, judge_parts
from fixture_reference import Model
from fixture_texts import LONG_TEXT, item
from make_fixtures import DEFAULT, dump

INSTRUCTION = (
    "I will provide you with a query followed by multiple candidates in the format: (1) cand1 (2) cand2, etc. Each "
    "candidate is independent of the others. Evaluate each candidate against the query, and respond with the number "
    "corresponding to the candidate that best meets the requirements of the query."
)

_WORDS = [f"a {size} {colour} {shape}" for size in ("large", "small") for colour in ("red", "blue") for shape in ("circle", "square", "star")]
_TWELVE = [item(words) for words in _WORDS]

# name, query, candidates
LISTS = [
    ("two texts", item("a red circle"), [item("a large red circle"), item("two dogs")]),
    ("images, none resized", item("a star"), [item(None, "exact.png"), item(None, "exact-wide.png"), item(None, "exact-large.png")]),
    (
        "mixed, one image twice",
        item("<|image_1|>\nfind a picture like this", "exact-wide.png"),
        [item("a bowl of rice"), item("this one", "exact.png"), item(LONG_TEXT), item(None, "exact-wide.png"), item("两只狗"), item("<|image_1|>\n🐶", "exact.png")],
    ),
    ("resized images", item(None, "large.jpg"), [item(None, "wide.png"), item("tall", "tall.png"), item("words alone")]),
    ("nine", item("a small red star"), _TWELVE[:9]),
    ("ten", item("a small red star"), _TWELVE[:10]),
    ("twelve, with images", item("which one", "exact.png"), _TWELVE[:5] + [item("a star", "exact-wide.png"), item(None, "exact.png")] + _TWELVE[7:]),
    ("twenty-three", item("a blue square"), _TWELVE + _TWELVE[:11]),
]

# name, query, positive, negative
EXAMPLES = [
    ("texts", item("a red circle"), item("a large red circle"), item("two dogs")),
    ("images", item("find it", "exact.png"), item(None, "exact-wide.png"), item("this one", "exact.png")),
]


def list_parts(query, candidates):
    def shown(one):
        image = [("image", one["image"])] if one["image"] else []
        return image + ([("text", clean(one["text"]))] if clean(one["text"]) else [])

    parts = [("text", INSTRUCTION), ("text", "Query:"), *shown(query), ("text", "Candidates:")]
    for i, candidate in enumerate(candidates):
        parts += [("text", f"({i + 1}) "), *shown(candidate)]
    return parts


class Reference:
    def __init__(self, folder, images):
        self.prompts = Prompts(folder, images)
        self.model = Model(folder, torch.float32)

    def logits(self, prompt, more):
        """Of the next token after the prompt and some more tokens."""
        whole = type(prompt)(prompt.text, prompt.ids + more, prompt.spans, prompt.resized, prompt.pixel_values, prompt.grids)
        h = self.model.hidden(whole, self.model.positions(whole))[-1]
        return self.model.model.lm_head.weight.detach() @ h

    def probabilities(self, prompt, count):
        answers = [self.prompts.tokenizer(f"Ans: ({i + 1})")["input_ids"] for i in range(count)]
        seen, result = {}, []
        for answer in answers:
            probability = 1.0
            for at in range(len(answer)):
                path = answer[:at]
                valid = sorted({other[at] for other in answers if other[:at] == path})
                if len(valid) > 1:
                    if tuple(path) not in seen:
                        seen[tuple(path)] = self.logits(prompt, path)[valid].double().softmax(0)
                    probability *= seen[tuple(path)][valid.index(answer[at])].item()
            result.append(probability)
        assert abs(sum(result) - 1) < 1e-9
        return result

    def lists(self):
        for name, query, candidates in LISTS:
            prompt = self.prompts.chat(list_parts(query, candidates))
            yield {
                "name": name,
                "query": query,
                "candidates": candidates,
                "prompt": prompt.text,
                "resized": prompt.resized,
                "probabilities": self.probabilities(prompt, len(candidates)),
            }

    def answer_loss(self, parts, answer):
        """What transformers' own causal-language-model loss is, the prompt masked by -100."""
        prompt = self.prompts.chat(parts)
        wanted = self.prompts.tokenizer(answer)["input_ids"]
        ids = torch.tensor([prompt.ids + wanted])
        with torch.inference_mode():
            return self.model.model(
                input_ids=ids,
                labels=torch.tensor([[-100] * len(prompt.ids) + wanted]),
                pixel_values=prompt.pixel_values,
                image_grid_thw=prompt.grids,
                mm_token_type_ids=(ids == self.model.image_id).int(),
            ).loss.item()

    def training(self):
        for name, query, positive, negative in EXAMPLES:
            yes = self.answer_loss(judge_parts(query, positive, "query-first"), "Yes")
            no = self.answer_loss(judge_parts(query, negative, "query-first"), "No")
            first = self.answer_loss(list_parts(query, [positive, negative]), "Ans: (1)")
            second = self.answer_loss(list_parts(query, [negative, positive]), "Ans: (2)")
            yield {
                "name": name,
                "query": query,
                "positive": positive,
                "negative": negative,
                "losses": [yes + no + first, yes + no + second],
            }


def main():
    torch.set_num_threads(2)
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT
    for name in ("qwen2-vl", "qwen2.5-vl", "qwen2-vl-nested"):
        reference = Reference(folder / name, folder / "images")
        lists, training = list(reference.lists()), list(reference.training())
        dump(folder / f"rerank-{name}.json", {"checkpoint": name, "lists": lists, "training": training})
        for entry in lists:
            best = max(entry["probabilities"])
            print(f"{name}: {entry['name']}: best {entry['probabilities'].index(best) + 1} with {best:.4f}")


if __name__ == "__main__":
    main()
