"""What transformers makes of a checkpoint: margins, embeddings, hidden states."""

from pathlib import Path

import torch
from transformers import AutoModelForImageTextToText

import fixture_texts
from fixture_prompts import Prompts, embedding_parts, judge_parts

ORDERS = ("query-first", "candidate-first")


class Model:
    """One checkpoint in one precision. Loaded in that precision, so that rotary frequencies stay float32."""

    def __init__(self, folder: Path, dtype):
        self.model = AutoModelForImageTextToText.from_pretrained(folder, dtype=dtype, attn_implementation="sdpa").eval()
        self.inner = self.model.model
        self.image_id = self.model.config.image_token_id

    def positions(self, prompt):
        ids = torch.tensor([prompt.ids])
        if prompt.grids is None:
            return torch.arange(len(prompt.ids)).expand(3, 1, -1)
        types = (ids == self.image_id).int()
        return self.inner.get_rope_index(ids, mm_token_type_ids=types, image_grid_thw=prompt.grids)[0]

    def plain_positions(self, prompt):
        return torch.arange(len(prompt.ids)).expand(3, 1, -1)

    @torch.inference_mode()
    def hidden(self, prompt, positions, **more):
        """Final hidden states after the last norm, [n, hidden]."""
        ids = torch.tensor([prompt.ids])
        out = self.inner(
            input_ids=ids,
            position_ids=positions,
            pixel_values=prompt.pixel_values,
            image_grid_thw=prompt.grids,
            mm_token_type_ids=(ids == self.image_id).int(),
            use_cache=False,
            return_dict=True,
            **more,
        )
        return out if more else out.last_hidden_state[0]

    def margin(self, prompt, yes, no, positions=None):
        positions = self.positions(prompt) if positions is None else positions
        h = self.hidden(prompt, positions)[-1].float()
        weight = self.model.lm_head.weight.detach()
        return float((weight[yes].float() - weight[no].float()) @ h)

    def embedding(self, prompt):
        h = self.hidden(prompt, self.plain_positions(prompt))[-1].float()
        return h / h.norm()


class Reference:
    def __init__(self, name, folder: Path, images: Path):
        self.name = name
        self.prompts = Prompts(folder, images)
        self.exact = Model(folder, torch.float32)
        self.coarse = Model(folder, torch.bfloat16)
        tokenizer = self.prompts.tokenizer
        self.yes, self.no = tokenizer.convert_tokens_to_ids(["Yes", "No"])

    def config(self):
        config = self.exact.model.config
        return {
            "model_type": config.model_type,
            "hidden_size": config.text_config.hidden_size,
            "layers": config.text_config.num_hidden_layers,
            "heads": config.text_config.num_attention_heads,
            "key_value_heads": config.text_config.num_key_value_heads,
            "vocab_size": config.text_config.vocab_size,
            "rope_theta": config.text_config.rope_parameters["rope_theta"],
            "mrope_section": config.text_config.rope_parameters["mrope_section"],
            "tied": config.tie_word_embeddings,
            "image_token_id": config.image_token_id,
            "vision_start_token_id": config.vision_start_token_id,
            "yes_id": self.yes,
            "no_id": self.no,
            "min_pixels": self.prompts.processor.size["shortest_edge"],
            "max_pixels": self.prompts.processor.size["longest_edge"],
        }

    def _judge(self, query, candidate, order):
        prompt = self.prompts.chat(judge_parts(query, candidate, order))
        exact = self.exact.margin(prompt, self.yes, self.no)
        return prompt, exact, self.coarse.margin(prompt, self.yes, self.no)

    def cases(self):
        for name, query, candidate in fixture_texts.PAIRS:
            for order in ORDERS:
                prompt, exact, coarse = self._judge(query, candidate, order)
                yield {
                    "name": name,
                    "order": order,
                    "query": query,
                    "candidate": candidate,
                    "prompt": prompt.text,
                    "ids": prompt.ids,
                    "positions": self.exact.positions(prompt)[:, 0].tolist(),
                    "images": prompt.spans,
                    "resized": prompt.resized,
                    "margin": exact,
                    "margin_bfloat16": coarse,
                }

    def groups(self):
        for name, order, shared, others in fixture_texts.GROUPS:
            margins, coarse, resized = [], [], []
            for other in others:
                pair = (shared, other) if order == "query-first" else (other, shared)
                prompt, margin, margin_bfloat16 = self._judge(*pair, order)
                margins.append(margin)
                coarse.append(margin_bfloat16)
                resized.append(prompt.resized)
            yield {
                "name": name,
                "order": order,
                "shared": shared,
                "others": others,
                "resized": resized,
                "margins": margins,
                "margins_bfloat16": coarse,
            }

    def embeddings(self):
        for name, item in fixture_texts.EMBEDDED:
            prompt = self.prompts.plain(embedding_parts(item))
            exact, coarse = self.exact.embedding(prompt), self.coarse.embedding(prompt)
            yield {
                "name": name,
                "item": item,
                "prompt": prompt.text,
                "ids": prompt.ids,
                "images": prompt.spans,
                "resized": prompt.resized,
                "embedding": exact.tolist(),
                "bfloat16_cosine": float(exact @ coarse),
            }

    def intermediate(self, wanted="several windows, none resized"):
        """Values on the way of one prompt, for finding where an implementation goes astray."""
        query, candidate = next((q, c) for name, q, c in fixture_texts.PAIRS if name == wanted)
        prompt = self.prompts.chat(judge_parts(query, candidate, "query-first"))
        inner, seen = self.exact.inner, {}

        def keep(key):
            def hook(_module, _arguments, output):
                seen[key] = (output[0] if isinstance(output, tuple) else output).detach()

            return hook

        def keep_input(_module, _arguments, keywords):
            seen["inputs_embeds"] = keywords["inputs_embeds"][0].detach()

        hooks = [inner.language_model.register_forward_pre_hook(keep_input, with_kwargs=True)]
        hooks += [inner.visual.patch_embed.register_forward_hook(keep("patch_embed"))]
        hooks += [b.register_forward_hook(keep(f"vision_{i}")) for i, b in enumerate(inner.visual.blocks)]
        hooks += [l.register_forward_hook(keep(f"layer_{i}")) for i, l in enumerate(inner.language_model.layers)]
        final = self.exact.hidden(prompt, self.exact.positions(prompt))
        for hook in hooks:
            hook.remove()
        with torch.inference_mode():
            features = inner.get_image_features(prompt.pixel_values, prompt.grids, return_dict=True).pooler_output
        layers, blocks = len(inner.language_model.layers), len(inner.visual.blocks)
        return {
            "case": wanted,
            "order": "query-first",
            "patch_embed_first_row": seen["patch_embed"].reshape(-1, seen["patch_embed"].shape[-1])[0].tolist(),
            "vision_blocks_first_row": [seen[f"vision_{i}"][0].tolist() for i in range(blocks)],
            "image_features": [f.tolist() for f in features],
            "inputs_embeds": seen["inputs_embeds"].tolist(),
            "layers_last_token": [seen[f"layer_{i}"].reshape(len(prompt.ids), -1)[-1].tolist() for i in range(layers)],
            "last_hidden_state": final[-1].tolist(),
        }
