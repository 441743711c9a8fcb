"""Tiny random Qwen2-VL and Qwen2.5-VL checkpoints in the layouts that are met in the wild."""

import json
import math
from pathlib import Path

import torch
from safetensors.torch import save_file
from transformers import Qwen2_5_VLConfig, Qwen2_5_VLForConditionalGeneration, Qwen2VLConfig, Qwen2VLForConditionalGeneration

import fixture_tokenizer

CLIP_MEAN = [0.48145466, 0.4578275, 0.40821073]
CLIP_STD = [0.26862954, 0.26130258, 0.27577711]


def _special_ids(tokenizer):
    ids = {
        "bos_token_id": "<|endoftext|>",
        "eos_token_id": "<|im_end|>",
        "vision_start_token_id": "<|vision_start|>",
        "vision_end_token_id": "<|vision_end|>",
        "vision_token_id": "<|vision_pad|>",
        "image_token_id": "<|image_pad|>",
        "video_token_id": "<|video_pad|>",
    }
    return {key: tokenizer.token_to_id(token) for key, token in ids.items()}


def _vocabulary(tokenizer):
    # Padded beyond the tokenizer, as released checkpoints are.
    return math.ceil((tokenizer.get_vocab_size() + 8) / 16) * 16


def _released_text(tokenizer, theta, tied):
    """The decoder's part of a flat config.json. theta is small so that all three axes matter."""
    return {
        "attention_dropout": 0.0,
        **_special_ids(tokenizer),
        "hidden_act": "silu",
        "hidden_size": 64,
        "initializer_range": 0.02,
        "intermediate_size": 96,
        "max_position_embeddings": 32768,
        "max_window_layers": 3,
        "num_attention_heads": 4,
        "num_hidden_layers": 3,
        "num_key_value_heads": 2,
        "rms_norm_eps": 1e-06,
        "rope_theta": theta,
        "sliding_window": 32768,
        "tie_word_embeddings": tied,
        "use_cache": True,
        "use_sliding_window": False,
        "rope_scaling": {"type": "mrope", "mrope_section": [2, 3, 3]},
        "vocab_size": _vocabulary(tokenizer),
    }


def qwen2_vl_config(tokenizer):
    return {
        "architectures": ["Qwen2VLForConditionalGeneration"],
        "model_type": "qwen2_vl",
        **_released_text(tokenizer, theta=100.0, tied=True),
        "vision_config": {
            "depth": 4,
            "embed_dim": 32,
            "mlp_ratio": 4,
            "num_heads": 4,
            "in_chans": 3,
            "hidden_size": 64,
            "patch_size": 14,
            "spatial_merge_size": 2,
            "spatial_patch_size": 14,
            "temporal_patch_size": 2,
        },
        "transformers_version": "4.41.2",
    }


def qwen2_5_vl_config(tokenizer):
    return {
        "architectures": ["Qwen2_5_VLForConditionalGeneration"],
        "model_type": "qwen2_5_vl",
        **_released_text(tokenizer, theta=50.0, tied=False),
        "vision_config": {
            "depth": 4,
            "hidden_act": "silu",
            "hidden_size": 32,
            "intermediate_size": 84,
            "num_heads": 4,
            "in_chans": 3,
            "out_hidden_size": 64,
            "patch_size": 14,
            "spatial_merge_size": 2,
            "spatial_patch_size": 14,
            "window_size": 112,
            "fullatt_block_indexes": [1, 3],
            "tokens_per_second": 2,
            "temporal_patch_size": 2,
        },
        "transformers_version": "4.41.2",
    }


def nested_config(tokenizer):
    """Other shapes on purpose: three heads share one key/value head, mlp_ratio is not 4."""
    special = _special_ids(tokenizer)
    del special["vision_token_id"]
    bos, eos = special.pop("bos_token_id"), special.pop("eos_token_id")
    return Qwen2VLConfig(
        **special,
        tie_word_embeddings=True,
        text_config={
            "vocab_size": _vocabulary(tokenizer),
            "bos_token_id": bos,
            "eos_token_id": eos,
            "hidden_size": 48,
            "intermediate_size": 80,
            "num_hidden_layers": 2,
            "num_attention_heads": 3,
            "num_key_value_heads": 1,
            "rms_norm_eps": 1e-5,
            "rope_parameters": {"rope_type": "default", "rope_theta": 200.0, "mrope_section": [2, 3, 3]},
        },
        vision_config={
            "depth": 3,
            "embed_dim": 24,
            "hidden_size": 48,
            "mlp_ratio": 2,
            "num_heads": 2,
            "rope_parameters": {"rope_type": "axial", "rope_theta": 10000.0},
        },
    )


def _randomise(model, seed):
    """Random weights large enough that attention, positions and pictures move the margin."""
    generator = torch.Generator().manual_seed(seed)

    def normal(shape, scale):
        return torch.randn(shape, generator=generator) * scale

    for name, weight in sorted(model.named_parameters()):
        fan_in = math.prod(weight.shape[1:])
        if weight.ndim == 1:
            is_norm = "norm" in name or "ln_q" in name
            if is_norm and name.endswith("weight"):
                value = 1 + normal(weight.shape, 0.25)
            else:
                value = normal(weight.shape, 0.2)
        elif "embed_tokens" in name or "lm_head" in name:
            value = normal(weight.shape, 0.25)
        elif "q_proj" in name or "k_proj" in name:
            value = normal(weight.shape, 1.3 / math.sqrt(fan_in))
        elif "merger" in name:
            value = normal(weight.shape, 1.0 / math.sqrt(fan_in))
        elif "patch_embed" in name:
            value = normal(weight.shape, 0.8 / math.sqrt(fan_in))
        else:
            value = normal(weight.shape, 1.0 / math.sqrt(fan_in))
        weight.data.copy_(value)


def _released_names(model, tied):
    tensors = {}
    for name, value in model.state_dict().items():
        name = name.replace("model.language_model.", "model.").replace("model.visual.", "visual.")
        if not (tied and name == "lm_head.weight"):
            tensors[name] = value.contiguous().clone()
    return tensors


def _write_json(path, value):
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n")


def _preprocessor(folder, nested):
    common = {
        "do_convert_rgb": True,
        "do_normalize": True,
        "do_rescale": True,
        "do_resize": True,
        "image_processor_type": "Qwen2VLImageProcessor",
        "merge_size": 2,
        "patch_size": 14,
        "resample": 3,
        "rescale_factor": 1 / 255,
        "temporal_patch_size": 2,
    }
    if nested:
        common |= {"size": {"shortest_edge": 56 * 84, "longest_edge": 140 * 140}}
        common |= {"image_mean": [0.5, 0.45, 0.4], "image_std": [0.25, 0.3, 0.35]}
    else:
        common |= {"min_pixels": 56 * 56, "max_pixels": 196 * 196}
        common |= {"image_mean": CLIP_MEAN, "image_std": CLIP_STD}
    _write_json(folder / "preprocessor_config.json", common)


def _flat(root, name, tokenizer, config, tensors, dtype):
    folder = root / name
    fixture_tokenizer.save(tokenizer, folder, template_in_file=False)
    _preprocessor(folder, nested=False)
    _write_json(folder / "config.json", config | {"torch_dtype": str(dtype).removeprefix("torch.")})
    tensors = {key: value.to(dtype) for key, value in tensors.items()}
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})


def make(root: Path, tokenizer):
    """Writes every checkpoint and gives their names."""
    config = qwen2_vl_config(tokenizer)
    model = Qwen2VLForConditionalGeneration(Qwen2VLConfig.from_dict(config))
    _randomise(model, seed=20)
    tensors = _released_names(model, tied=True)
    _flat(root, "qwen2-vl", tokenizer, config, tensors, torch.float32)
    _flat(root, "qwen2-vl-bf16", tokenizer, config, tensors, torch.bfloat16)

    config = qwen2_5_vl_config(tokenizer)
    model = Qwen2_5_VLForConditionalGeneration(Qwen2_5_VLConfig.from_dict(config))
    _randomise(model, seed=25)
    tensors = _released_names(model, tied=False)
    _flat(root, "qwen2.5-vl", tokenizer, config, tensors, torch.float32)
    _flat(root, "qwen2.5-vl-fp16", tokenizer, config, tensors, torch.float16)

    folder = root / "qwen2-vl-nested"
    model = Qwen2VLForConditionalGeneration(nested_config(tokenizer))
    _randomise(model, seed=30)
    fixture_tokenizer.save(tokenizer, folder, template_in_file=True)
    # save_original_format=False keeps the module's own names: model.language_model.*, model.visual.*
    model.save_pretrained(folder, max_shard_size="200KB", save_original_format=False)
    (folder / "generation_config.json").unlink(missing_ok=True)
    _preprocessor(folder, nested=True)
    return ["qwen2-vl", "qwen2.5-vl", "qwen2-vl-nested", "qwen2-vl-bf16", "qwen2.5-vl-fp16"]
