"""A Qwen2-VL of 1.8 M parameters, and its forward pass over packed rows.

The weights are transformers' own module, so that save_pretrained writes an ordinary checkpoint; the forward pass is
written out here because many statements share one image: a row is a beginning and several ends that see it and
themselves only. check_against_transformers() holds it to the original.
"""

import json

import torch
import torch.nn.functional as F
from transformers import Qwen2VLConfig, Qwen2VLForConditionalGeneration

import scenes_tokenizer as words

HIDDEN, LAYERS, HEADS, KV_HEADS, HEAD = 128, 4, 4, 2, 32
PATCH, GRID, MERGED = 14, 8, 4
IMAGE_TOKENS = MERGED * MERGED
SECTIONS, THETA = (4, 6, 6), 1000.0


def config(tokenizer):
    token = tokenizer.token_to_id
    vocabulary = (tokenizer.get_vocab_size() + 15) // 16 * 16
    return Qwen2VLConfig(
        text_config=dict(
            vocab_size=vocabulary, hidden_size=HIDDEN, intermediate_size=384, num_hidden_layers=LAYERS,
            num_attention_heads=HEADS, num_key_value_heads=KV_HEADS, max_position_embeddings=4096,
            rope_parameters=dict(rope_type="default", rope_theta=THETA, mrope_section=list(SECTIONS)),
            tie_word_embeddings=True, bos_token_id=token("<|endoftext|>"), eos_token_id=token(words.END),
            pad_token_id=token("<|endoftext|>"),
        ),
        vision_config=dict(
            depth=3, embed_dim=HIDDEN, hidden_size=HIDDEN, num_heads=HEADS, mlp_ratio=3, patch_size=PATCH,
            spatial_merge_size=2, temporal_patch_size=2, in_channels=3,
        ),
        image_token_id=token(words.IMAGE), vision_start_token_id=token(words.VISION_START),
        vision_end_token_id=token(words.VISION_END), video_token_id=token("<|video_pad|>"), tie_word_embeddings=True,
    )


def new(tokenizer, seed):
    torch.manual_seed(seed)
    model = Qwen2VLForConditionalGeneration(config(tokenizer))
    with torch.no_grad():
        for name, weight in model.named_parameters():
            if weight.ndim >= 2:
                std = 0.05 if "embed_tokens" in name else weight[0].numel() ** -0.5
                if any(end in name for end in ("o_proj", "down_proj", "attn.proj", "fc2")):
                    std *= 0.4
                weight.normal_(0, std)
    return model


def patches(images):
    """uint8 [n, 112, 112, 3] to [n, 64, 1176], in the order of 2 x 2 merged cells."""
    x = images.float().div_(127.5).sub_(1).permute(0, 3, 1, 2)
    n = x.shape[0]
    x = x.reshape(n, 3, MERGED, 2, PATCH, MERGED, 2, PATCH).permute(0, 2, 5, 3, 6, 1, 4, 7)
    return x.reshape(n, GRID * GRID, 3, 1, PATCH * PATCH).expand(-1, -1, -1, 2, -1).reshape(n, GRID * GRID, -1)


def _vision_angles():
    rows = torch.arange(GRID)[:, None].expand(GRID, GRID)
    order = lambda x: x.reshape(MERGED, 2, MERGED, 2).permute(0, 2, 1, 3).reshape(-1, 1)
    frequencies = 10000.0 ** -(torch.arange(0, HEAD // 2, 2) / (HEAD // 2))
    angles = torch.cat([order(rows) * frequencies, order(rows.T) * frequencies], -1)
    return torch.cat([angles, angles], -1)


_ANGLES = _vision_angles()


def _rotate(x, cos, sin):
    first, second = x.chunk(2, -1)
    return x * cos + torch.cat([-second, first], -1) * sin


def see(model, images):
    """[n, 64, 1176] to [n, 16, hidden]."""
    tower = model.model.visual
    n = images.shape[0]
    cos, sin = _ANGLES.cos(), _ANGLES.sin()
    h = F.linear(images, tower.patch_embed.proj.weight.reshape(HIDDEN, -1))
    for block in tower.blocks:
        qkv = block.attn.qkv(block.norm1(h)).reshape(n, -1, 3, HEADS, HEAD).permute(2, 0, 3, 1, 4)
        mixed = F.scaled_dot_product_attention(_rotate(qkv[0], cos, sin), _rotate(qkv[1], cos, sin), qkv[2])
        h = h + block.attn.proj(mixed.transpose(1, 2).reshape(n, -1, HIDDEN))
        up = block.mlp.fc1(block.norm2(h))
        h = h + block.mlp.fc2(up * torch.sigmoid(1.702 * up))
    return tower.merger.mlp(tower.merger.ln_q(h).reshape(n, IMAGE_TOKENS, -1))


def read(model, ids, positions, mask, seen, image_token):
    """Last hidden states [rows, tokens, hidden].

    positions [3, rows, tokens], mask [rows, 1, tokens, tokens]; seen [images, 16, hidden], what see() made of the
    images in their order, or None."""
    decoder = model.model.language_model
    rows, tokens = ids.shape
    h = decoder.embed_tokens(ids)
    if seen is not None:
        h = h.masked_scatter((ids == image_token)[..., None], seen)
    turns = positions[..., None].float() * THETA ** -(torch.arange(0, HEAD, 2) / HEAD)
    angles = torch.cat([part[i] for i, part in enumerate(turns.split(SECTIONS, -1))], -1)
    angles = torch.cat([angles, angles], -1)[:, None]
    cos, sin = angles.cos(), angles.sin()
    norm = lambda x, layer: F.rms_norm(x, (HIDDEN,), layer.weight, 1e-5)
    split = lambda x, heads: x.reshape(rows, tokens, heads, HEAD).transpose(1, 2)
    for layer in decoder.layers:
        a = layer.self_attn
        x = norm(h, layer.input_layernorm)
        q = _rotate(split(a.q_proj(x), HEADS), cos, sin)
        k = _rotate(split(a.k_proj(x), KV_HEADS), cos, sin).repeat_interleave(2, 1)
        v = split(a.v_proj(x), KV_HEADS).repeat_interleave(2, 1)
        mixed = F.scaled_dot_product_attention(q, k, v, attn_mask=mask)
        h = h + a.o_proj(mixed.transpose(1, 2).reshape(rows, tokens, HIDDEN))
        h = h + layer.mlp(norm(h, layer.post_attention_layernorm))
    return norm(h, decoder.norm)


def save(model, tokenizer, folder):
    """A Hugging Face folder: bfloat16 weights, tokenizer, image processor."""
    folder.mkdir(parents=True, exist_ok=True)
    Qwen2VLForConditionalGeneration.save_pretrained(model.to(torch.bfloat16), folder)
    model.to(torch.float32)
    words.save(tokenizer, folder)
    processor = dict(
        image_processor_type="Qwen2VLImageProcessor", do_convert_rgb=True, do_normalize=True, do_rescale=True,
        do_resize=True, resample=3, rescale_factor=1 / 255, image_mean=[0.5] * 3, image_std=[0.5] * 3, merge_size=2,
        patch_size=PATCH, temporal_patch_size=2, min_pixels=56 * 56, max_pixels=112 * 112,
    )
    (folder / "preprocessor_config.json").write_text(json.dumps(processor, indent=2) + "\n")
    (folder / "generation_config.json").unlink(missing_ok=True)
