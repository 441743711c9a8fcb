"""What transformers' configuration classes read from config.json, key by key.

Writes config-defaults.json. A case is a config.json, flat (as released) or nested (as transformers 5 writes it),
from which keys are left out or in which values are changed, and what the class then has that it does not have of
the whole file. Each key is left out once.

usage: python make_config_fixtures.py FOLDER
"""

import copy
import json
import pathlib
import sys

from transformers import Qwen2_5_VLConfig, Qwen2VLConfig

TEXT = {
    "vocab_size": 600,
    "hidden_size": 64,
    "intermediate_size": 96,
    "num_hidden_layers": 3,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "hidden_act": "silu",
    "rms_norm_eps": 1e-6,
    "use_sliding_window": False,
    "sliding_window": 128,
    "max_window_layers": 3,
}
ROPE = {"type": "mrope", "mrope_section": [2, 3, 3]}
ROOT = {"image_token_id": 502, "vision_start_token_id": 499, "tie_word_embeddings": True}
VISION = {
    "qwen2_vl": {
        "depth": 2,
        "embed_dim": 32,
        "hidden_size": 64,
        "hidden_act": "quick_gelu",
        "mlp_ratio": 2,
        "num_heads": 2,
        "in_channels": 3,
        "in_chans": 3,
        "patch_size": 8,
        "spatial_merge_size": 2,
        "temporal_patch_size": 1,
    },
    "qwen2_5_vl": {
        "depth": 2,
        "hidden_size": 32,
        "hidden_act": "silu",
        "intermediate_size": 48,
        "num_heads": 2,
        "in_channels": 3,
        "in_chans": 3,
        "patch_size": 7,
        "spatial_merge_size": 2,
        "temporal_patch_size": 1,
        "window_size": 56,
        "out_hidden_size": 64,
        "fullatt_block_indexes": [1],
    },
}
CLASSES = {"qwen2_vl": Qwen2VLConfig, "qwen2_5_vl": Qwen2_5_VLConfig}


def flat(family):
    return {
        "model_type": family,
        **TEXT,
        **ROOT,
        "rope_theta": 500000.0,
        "rope_scaling": dict(ROPE),
        "vision_config": dict(VISION[family]),
    }


def nested(family):
    rope = {**ROPE, "rope_type": "default", "rope_theta": 500000.0}
    return {
        "model_type": family,
        **ROOT,
        "text_config": {**TEXT, "rope_parameters": rope},
        "vision_config": dict(VISION[family]),
    }


BASES = {"flat": flat, "nested": nested}


def read(family, config):
    model = CLASSES[family].from_dict(copy.deepcopy(config))
    text, vision = model.text_config, model.vision_config
    first = family == "qwen2_vl"
    return {
        "hidden": text.hidden_size,
        "intermediate": text.intermediate_size,
        "layers": text.num_hidden_layers,
        "heads": text.num_attention_heads,
        "keyValueHeads": text.num_key_value_heads,
        "vocabulary": text.vocab_size,
        "normEpsilon": text.rms_norm_eps,
        "ropeTheta": text.rope_parameters["rope_theta"],
        "ropeSections": text.rope_parameters.get("mrope_section", [16, 24, 24]),
        "tied": model.tie_word_embeddings,
        "imageToken": model.image_token_id,
        "visionStartToken": model.vision_start_token_id,
        "vision": {
            "blocks": vision.depth,
            "hidden": vision.embed_dim if first else vision.hidden_size,
            "intermediate": int(vision.embed_dim * vision.mlp_ratio) if first else vision.intermediate_size,
            "output": vision.hidden_size if first else vision.out_hidden_size,
            "heads": vision.num_heads,
            "channels": vision.in_channels,
            "patch": vision.patch_size,
            "temporal": vision.temporal_patch_size,
            "merge": vision.spatial_merge_size,
            "window": 0 if first else vision.window_size,
            "fullAttention": [] if first else list(vision.fullatt_block_indexes),
        },
    }


def changed(config, without, values):
    config = copy.deepcopy(config)
    for path in without:
        part = config
        for name in path[:-1]:
            part = part[name]
        del part[path[-1]]
    for path, value in values:
        part = config
        for name in path[:-1]:
            part = part[name]
        part[path[-1]] = copy.deepcopy(value)
    return config


def paths(config, prefix=()):
    for name, value in config.items():
        if prefix + (name,) != ("model_type",):
            yield [*prefix, name]
        if isinstance(value, dict):
            yield from paths(value, prefix + (name,))


def cases(family):
    """Name of the file that is changed, the keys that are left out, and those that get a value."""
    for base, config in BASES.items():
        yield base, [], []
        for path in paths(config(family)):
            yield base, [path], []
    yield "flat", [[name] for name in flat(family) if name != "model_type"], []
    yield "flat", [], [[["num_key_value_heads"], None]]
    yield "nested", [["tie_word_embeddings"]], [[["text_config", "tie_word_embeddings"], True]]
    yield "nested", [], [[["tie_word_embeddings"], False], [["text_config", "tie_word_embeddings"], True]]
    yield "flat", [["vision_config", "num_heads"]], [[["vision_config", "num_attention_heads"], 4]]
    yield "flat", [["vision_config", "in_channels"]], [[["vision_config", "in_chans"], 1]]
    yield "flat", [], [[["use_sliding_window"], True]]  # but max_window_layers are all of them
    old_rope = {"type": "mrope", "mrope_section": [4, 2, 2]}
    yield "nested", [], [[["text_config", "rope_scaling"], old_rope], [["text_config", "rope_theta"], 20000.0]]
    yield "flat", [], [[["text_config"], None]]
    yield "flat", [], [[["hidden_act"], "swish"]]


def main(folder):
    text = {"bases": {}, "whole": {}, "cases": []}
    for family in CLASSES:
        text["bases"][family] = {base: config(family) for base, config in BASES.items()}
        whole = text["whole"][family] = read(family, flat(family))
        for base, without, values in cases(family):
            found = read(family, changed(BASES[base](family), without, values))
            different = {key: value for key, value in found.items() if value != whole[key]}
            text["cases"].append(
                {"family": family, "base": base, "without": without, "with": values, "different": different}
            )
    pathlib.Path(folder, "config-defaults.json").write_text(json.dumps(text).replace('{"family"', '\n{"family"') + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
