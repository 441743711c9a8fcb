class Kernels(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  # ---- weights: raw bytes of a safetensors file become typed values (dtype 15 is bfloat16, 5 float16, 6 float32)
  def bfloat16(self: __torch__.Kernels, x: Tensor) -> Tensor:
    return torch.to(x, 15)
  def empty(self: __torch__.Kernels, like: Tensor, count: Tensor) -> Tensor:
    return torch.new_empty(like, [int(count)])
  def store(self: __torch__.Kernels, target: Tensor, start: Tensor, values: Tensor) -> Tensor:
    return torch.copy_(torch.narrow(target, 0, int(start), torch.numel(values)), values)
  def store_bf16(self: __torch__.Kernels, target: Tensor, start: Tensor, raw: Tensor) -> Tensor:
    return self.store(target, start, torch.view_copy(raw, dtype=15))
  def store_f16(self: __torch__.Kernels, target: Tensor, start: Tensor, raw: Tensor) -> Tensor:
    return self.store(target, start, torch.view_copy(raw, dtype=5))
  def store_f32(self: __torch__.Kernels, target: Tensor, start: Tensor, raw: Tensor) -> Tensor:
    return self.store(target, start, torch.view_copy(raw, dtype=6))
  def copy(self: __torch__.Kernels, x: Tensor) -> Tensor:
    return torch.clone(x)
  def rows(self: __torch__.Kernels, table: Tensor, ids: Tensor) -> Tensor:
    return torch.index_select(table, 0, ids)

  # ---- positions
  # positions [axes, n] float32, frequencies [half], axis [half]: which row of positions turns each frequency
  def rotary(self: __torch__.Kernels, positions: Tensor, frequencies: Tensor, axis: Tensor) -> Tuple[Tensor, Tensor]:
    half = torch.mul(torch.transpose(torch.index_select(positions, 0, axis), 0, 1), frequencies)
    angles = torch.cat([half, half], -1)
    return (torch.cos(angles), torch.sin(angles))
  # x [n, heads, width]; cos and sin [n, width], in whose precision the rotation is done
  def rotate(self: __torch__.Kernels, x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    y = torch.type_as(x, cos)
    a, b, = torch.chunk(y, 2, -1)
    turned = torch.cat([torch.neg(b), a], -1)
    return torch.type_as(torch.add(torch.mul(y, torch.unsqueeze(cos, 1)), torch.mul(turned, torch.unsqueeze(sin, 1))), x)

  # ---- decoder
  # Token i of the pack (segment [t]) sees all of the prefix, and of its own segment what stands before it.
  def pack_mask(self: __torch__.Kernels, segment: Tensor, past: Tensor, like: Tensor) -> Tensor:
    t = torch.size(segment, 0)
    p = torch.size(past, 1)
    index = torch.arange(t, dtype=4, device=ops.prim.device(segment))
    same = torch.eq(torch.unsqueeze(segment, 1), torch.unsqueeze(segment, 0))
    before = torch.le(torch.unsqueeze(index, 0), torch.unsqueeze(index, 1))
    hidden = torch.logical_not(torch.logical_and(same, before))
    own = torch.masked_fill(torch.new_zeros(like, [t, t]), hidden, -inf)
    return torch.cat([torch.new_zeros(like, [t, p]), own], 1)
  # features: each image's [tokens, hidden], in the order of at
  def place(self: __torch__.Kernels, x: Tensor, at: Tensor, features: List[Tensor]) -> Tensor:
    return torch.index_copy(x, 0, at, torch.type_as(torch.cat(features, 0), x))
  # x [t, hidden]; cos, sin [t, head]; mask [t, past + t]; past_k, past_v [kv heads, past, head]
  # w: input norm, q, q bias, k, k bias, v, v bias, o, post norm, gate, up, down
  def decoder_layer(self: __torch__.Kernels, x: Tensor, cos: Tensor, sin: Tensor, mask: Tensor, past_k: Tensor, past_v: Tensor, epsilon: Tensor, w: List[Tensor]) -> Tuple[Tensor, Tensor, Tensor]:
    t, d, = torch.size(x)
    width = torch.size(cos, 1)
    eps = float(epsilon)
    y = torch.rms_norm(x, [d], w[0], eps)
    q = self.rotate(torch.view(torch.linear(y, w[1], w[2]), [t, -1, width]), cos, sin)
    k0 = self.rotate(torch.view(torch.linear(y, w[3], w[4]), [t, -1, width]), cos, sin)
    v0 = torch.view(torch.linear(y, w[5], w[6]), [t, -1, width])
    k = torch.cat([past_k, torch.transpose(k0, 0, 1)], 1)
    v = torch.cat([past_v, torch.transpose(v0, 0, 1)], 1)
    group = torch.floordiv(torch.size(q, 1), torch.size(k, 0))
    o = torch.scaled_dot_product_attention(torch.unsqueeze(torch.transpose(q, 0, 1), 0), torch.unsqueeze(torch.repeat_interleave(k, group, 0), 0), torch.unsqueeze(torch.repeat_interleave(v, group, 0), 0), torch.unsqueeze(torch.unsqueeze(mask, 0), 0), 0., False)
    x1 = torch.add(x, torch.linear(torch.reshape(torch.transpose(torch.squeeze(o, 0), 0, 1), [t, -1]), w[7]))
    y1 = torch.rms_norm(x1, [d], w[8], eps)
    return (torch.add(x1, torch.linear(torch.mul(torch.silu(torch.linear(y1, w[9])), torch.linear(y1, w[10])), w[11])), k, v)
  # The last tokens' hidden states [segments, hidden] in float32
  def last_hidden(self: __torch__.Kernels, x: Tensor, at: Tensor, epsilon: Tensor, norm: Tensor) -> Tensor:
    y = torch.index_select(x, 0, at)
    return torch.to(torch.rms_norm(y, [torch.size(y, 1)], norm, float(epsilon)), 6)

  # ---- vision tower
  # q, k, v [n, heads, width]; window [windows, length]: the patches that see each other, short windows padded;
  # keep [windows, length]: 0, or -inf at the padding; home [n]: where each patch stands in the flattened windows
  def window_attention(self: __torch__.Kernels, q: Tensor, k: Tensor, v: Tensor, window: Tensor, keep: Tensor, home: Tensor) -> Tensor:
    n, heads, width, = torch.size(q)
    count, length, = torch.size(window)
    at = torch.reshape(window, [-1])
    qw = torch.transpose(torch.view(torch.index_select(q, 0, at), [count, length, heads, width]), 1, 2)
    kw = torch.transpose(torch.view(torch.index_select(k, 0, at), [count, length, heads, width]), 1, 2)
    vw = torch.transpose(torch.view(torch.index_select(v, 0, at), [count, length, heads, width]), 1, 2)
    mask = torch.expand(torch.view(torch.type_as(keep, q), [count, 1, 1, length]), [count, 1, length, length])
    o = torch.scaled_dot_product_attention(qw, kw, vw, mask, 0., False)
    flat = torch.reshape(torch.transpose(o, 1, 2), [torch.mul(count, length), torch.mul(heads, width)])
    return torch.index_select(flat, 0, home)
  def vision_attention(self: __torch__.Kernels, y: Tensor, cos: Tensor, sin: Tensor, window: Tensor, keep: Tensor, home: Tensor, qkv: Tensor, qkv_bias: Tensor) -> Tensor:
    n = torch.size(y, 0)
    q, k, v, = torch.unbind(torch.view(torch.linear(y, qkv, qkv_bias), [n, 3, -1, torch.size(cos, 1)]), 1)
    return self.window_attention(self.rotate(q, cos, sin), self.rotate(k, cos, sin), v, window, keep, home)
  # w: norm1, norm1 bias, qkv, qkv bias, proj, proj bias, norm2, norm2 bias, fc1, fc1 bias, fc2, fc2 bias
  def vision_block_qwen2(self: __torch__.Kernels, x: Tensor, cos: Tensor, sin: Tensor, window: Tensor, keep: Tensor, home: Tensor, w: List[Tensor]) -> Tensor:
    d = torch.size(x, 1)
    y = torch.layer_norm(x, [d], w[0], w[1], 1e-06)
    x1 = torch.add(x, torch.linear(self.vision_attention(y, cos, sin, window, keep, home, w[2], w[3]), w[4], w[5]))
    u = torch.linear(torch.layer_norm(x1, [d], w[6], w[7], 1e-06), w[8], w[9])
    return torch.add(x1, torch.linear(torch.mul(u, torch.sigmoid(torch.mul(u, 1.702))), w[10], w[11]))
  # w: norm1, qkv, qkv bias, proj, proj bias, norm2, gate, gate bias, up, up bias, down, down bias
  def vision_block_qwen2_5(self: __torch__.Kernels, x: Tensor, cos: Tensor, sin: Tensor, window: Tensor, keep: Tensor, home: Tensor, w: List[Tensor]) -> Tensor:
    d = torch.size(x, 1)
    y = torch.rms_norm(x, [d], w[0], 1e-06)
    x1 = torch.add(x, torch.linear(self.vision_attention(y, cos, sin, window, keep, home, w[1], w[2]), w[3], w[4]))
    y1 = torch.rms_norm(x1, [d], w[5], 1e-06)
    return torch.add(x1, torch.linear(torch.mul(torch.silu(torch.linear(y1, w[6], w[7])), torch.linear(y1, w[8], w[9])), w[10], w[11]))
  def patch_embedding(self: __torch__.Kernels, patches: Tensor, projection: Tensor) -> Tensor:
    return torch.linear(torch.type_as(patches, projection), projection)
  # w: norm, norm bias, fc1, fc1 bias, fc2, fc2 bias
  def merge_qwen2(self: __torch__.Kernels, x: Tensor, w: List[Tensor]) -> Tensor:
    y = torch.layer_norm(x, [torch.size(x, 1)], w[0], w[1], 1e-06)
    return self.merge(y, w[2], w[3], w[4], w[5])
  # w: norm, fc1, fc1 bias, fc2, fc2 bias
  def merge_qwen2_5(self: __torch__.Kernels, x: Tensor, w: List[Tensor]) -> Tensor:
    y = torch.rms_norm(x, [torch.size(x, 1)], w[0], 1e-06)
    return self.merge(y, w[1], w[2], w[3], w[4])
  def merge(self: __torch__.Kernels, y: Tensor, fc1: Tensor, fc1_bias: Tensor, fc2: Tensor, fc2_bias: Tensor) -> Tensor:
    merged = torch.reshape(y, [-1, torch.size(fc1, 1)])
    return torch.linear(torch.gelu(torch.linear(merged, fc1, fc1_bias)), fc2, fc2_bias)
