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

  # ---- linear layers: trained weights are float32 and are brought to the precision computed in
  def biased(self: __torch__.Kernels, x: Tensor, w: Tensor, b: Tensor) -> Tensor:
    return torch.linear(x, torch.type_as(w, x), torch.type_as(b, x))
  def unbiased(self: __torch__.Kernels, x: Tensor, w: Tensor) -> Tensor:
    return torch.linear(x, torch.type_as(w, x))
  # y, what a linear layer made of x, and what its adapter adds: A [rank, in] stands at w[at], B [out, rank] after it;
  # where the list ends before, or A is empty, there is none. adapter [2] on the host: scaling, dropout
  def adapted(self: __torch__.Kernels, y: Tensor, x: Tensor, w: List[Tensor], at: int, adapter: Tensor) -> Tensor:
    if torch.le(torch.len(w), at):
      z = y
    else:
      a = w[at]
      if torch.eq(torch.numel(a), 0):
        z = y
      else:
        p = float(torch.select(adapter, 0, 1))
        if torch.gt(p, 0.):
          kept = torch.dropout(x, p, True)
        else:
          kept = x
        low = torch.linear(kept, torch.type_as(a, x))
        up = torch.linear(low, torch.type_as(w[torch.add(at, 1)], x))
        z = torch.add(y, torch.mul(up, float(torch.select(adapter, 0, 0))))
    return z

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
  def together(self: __torch__.Kernels, features: List[Tensor]) -> Tensor:
    return torch.cat(features, 0)
  # A decoder layer is heads, attention, rest. w: input norm, q, q bias, k, k bias, v, v bias, o, post norm, gate, up, down;
  # where adapters are trained, those of q, k, v, o, gate, up, down follow
  # x [t, hidden]; cos, sin [t, head]; queries, keys and values: [t, heads, head]
  def heads(self: __torch__.Kernels, x: Tensor, cos: Tensor, sin: Tensor, epsilon: Tensor, adapter: Tensor, w: List[Tensor]) -> Tuple[Tensor, Tensor, Tensor]:
    t, d, = torch.size(x)
    width = torch.size(cos, 1)
    y = torch.rms_norm(x, [d], torch.type_as(w[0], x), float(epsilon))
    q = self.rotate(torch.view(self.adapted(self.biased(y, w[1], w[2]), y, w, 12, adapter), [t, -1, width]), cos, sin)
    k = self.rotate(torch.view(self.adapted(self.biased(y, w[3], w[4]), y, w, 14, adapter), [t, -1, width]), cos, sin)
    v = torch.view(self.adapted(self.biased(y, w[5], w[6]), y, w, 16, adapter), [t, -1, width])
    return (q, k, v)
  # o [t, hidden]: what attention gave
  def rest(self: __torch__.Kernels, x: Tensor, o: Tensor, epsilon: Tensor, adapter: Tensor, w: List[Tensor]) -> Tensor:
    x1 = torch.add(x, self.adapted(self.unbiased(o, w[7]), o, w, 18, adapter))
    y1 = torch.rms_norm(x1, [torch.size(x, 1)], torch.type_as(w[8], x), float(epsilon))
    gate = self.adapted(self.unbiased(y1, w[9]), y1, w, 20, adapter)
    z = torch.mul(torch.silu(gate), self.adapted(self.unbiased(y1, w[10]), y1, w, 22, adapter))
    return torch.add(x1, self.adapted(self.unbiased(z, w[11]), z, w, 24, adapter))
  # Over a pack that stands on a past: mask [t, past + t]; past_k, past_v [kv heads, past, head]. Without adapters.
  def decoder_layer(self: __torch__.Kernels, x: Tensor, cos: Tensor, sin: Tensor, mask: Tensor, past_k: Tensor, past_v: Tensor, epsilon: Tensor, w: List[Tensor]) -> Tuple[Tensor, Tensor, Tensor]:
    no_adapter = epsilon
    q, k0, v0, = self.heads(x, cos, sin, epsilon, no_adapter, w)
    k = torch.cat([past_k, torch.transpose(k0, 0, 1)], 1)
    v = torch.cat([past_v, torch.transpose(v0, 0, 1)], 1)
    group = torch.floordiv(torch.size(q, 1), torch.size(k, 0))
    o = torch.scaled_dot_product_attention(torch.unsqueeze(torch.transpose(q, 0, 1), 0), torch.unsqueeze(torch.repeat_interleave(k, group, 0), 0), torch.unsqueeze(torch.repeat_interleave(v, group, 0), 0), torch.unsqueeze(torch.unsqueeze(mask, 0), 0), 0., False)
    flat = torch.reshape(torch.transpose(torch.squeeze(o, 0), 0, 1), [torch.size(x, 0), -1])
    return (self.rest(x, flat, epsilon, no_adapter, w), k, v)
  # parts [rows, length], -1 at padding: a token sees those before it of its own part and of part 0
  def row_mask(self: __torch__.Kernels, parts: Tensor, like: Tensor) -> Tensor:
    length = torch.size(parts, 1)
    index = torch.arange(length, dtype=4, device=ops.prim.device(parts))
    before = torch.le(torch.unsqueeze(index, 0), torch.unsqueeze(index, 1))
    seen = torch.unsqueeze(parts, 1)
    own = torch.logical_or(torch.eq(torch.unsqueeze(parts, 2), seen), torch.eq(seen, 0))
    hidden = torch.logical_not(torch.logical_and(own, before))
    return torch.unsqueeze(torch.masked_fill(torch.new_zeros(like, torch.size(hidden)), hidden, -inf), 1)
  # The same layer over rows of different lengths, for training: rows [rows, length] and home [t] as in window_attention
  def decoder_layer_rows(self: __torch__.Kernels, x: Tensor, cos: Tensor, sin: Tensor, rows: Tensor, mask: Tensor, home: Tensor, epsilon: Tensor, adapter: Tensor, w: List[Tensor]) -> Tensor:
    q, k, v, = self.heads(x, cos, sin, epsilon, adapter, w)
    group = torch.floordiv(torch.size(q, 1), torch.size(k, 1))
    o = self.window_attention(q, torch.repeat_interleave(k, group, 1), torch.repeat_interleave(v, group, 1), rows, mask, home)
    return self.rest(x, o, epsilon, adapter, w)
  # The last tokens' hidden states [segments, hidden] in float32
  def last_hidden(self: __torch__.Kernels, x: Tensor, at: Tensor, epsilon: Tensor, norm: Tensor) -> Tensor:
    y = torch.index_select(x, 0, at)
    return torch.to(torch.rms_norm(y, [torch.size(y, 1)], torch.type_as(norm, y), float(epsilon)), 6)
  # Token ids [n] become their embeddings, in the precision computed in; rows of features take the places at
  def embed_rows(self: __torch__.Kernels, table: Tensor, ids: Tensor, at: Tensor, features: Tensor, rows: Tensor, like: Tensor) -> Tensor:
    x = torch.type_as(torch.index_select(table, 0, ids), like)
    return torch.index_copy(x, 0, at, torch.type_as(torch.index_select(features, 0, rows), x))

  # ---- training
  def assign(self: __torch__.Kernels, target: Tensor, values: Tensor) -> Tensor:
    return torch.copy_(target, values)
  # Sum of weighted cross-entropies: hidden [n, hidden] float32, table [vocabulary, hidden], choices [c] token ids, target [n]
  # places among them; without choices all of the vocabulary
  def cross_entropy(self: __torch__.Kernels, hidden: Tensor, table: Tensor, choices: Tensor, target: Tensor, weight: Tensor) -> Tensor:
    if torch.eq(torch.numel(choices), 0):
      some = table
    else:
      some = torch.index_select(table, 0, choices)
    logits = torch.to(torch.linear(torch.type_as(hidden, some), some), 6)
    wanted = torch.gather(torch.log_softmax(logits, -1), 1, torch.unsqueeze(target, 1))
    return torch.neg(torch.sum(torch.mul(torch.squeeze(wanted, 1), weight)))

  # ---- vision tower
  # q, k, v [n, heads, width]; window [windows, length]: the tokens that may see each other, short windows padded;
  # mask [windows, 1, length, length]: 0, or -inf where they do not; home [n]: where each token stands in the flattened windows
  def window_attention(self: __torch__.Kernels, q: Tensor, k: Tensor, v: Tensor, window: Tensor, mask: Tensor, home: Tensor) -> Tensor:
    n, heads, width, = torch.size(q)
    count, length, = torch.size(window)
    at = torch.reshape(window, [-1])
    qw = torch.transpose(torch.view(torch.index_select(q, 0, at), [count, length, heads, width]), 1, 2)
    kw = torch.transpose(torch.view(torch.index_select(k, 0, at), [count, length, heads, width]), 1, 2)
    vw = torch.transpose(torch.view(torch.index_select(v, 0, at), [count, length, heads, width]), 1, 2)
    o = torch.scaled_dot_product_attention(qw, kw, vw, mask, 0., False)
    flat = torch.reshape(torch.transpose(o, 1, 2), [torch.mul(count, length), torch.mul(heads, width)])
    return torch.index_select(flat, 0, home)
  # qkv [n, 3 hidden]; keep [windows, length]: 0, or -inf at the padding
  def vision_attention(self: __torch__.Kernels, qkv: Tensor, cos: Tensor, sin: Tensor, window: Tensor, keep: Tensor, home: Tensor) -> Tensor:
    q, k, v, = torch.unbind(torch.view(qkv, [torch.size(qkv, 0), 3, -1, torch.size(cos, 1)]), 1)
    count, length, = torch.size(window)
    mask = torch.expand(torch.view(torch.type_as(keep, q), [count, 1, 1, length]), [count, 1, length, length])
    return self.window_attention(self.rotate(q, cos, sin), self.rotate(k, cos, sin), v, window, mask, home)
  # w: norm1, norm1 bias, qkv, qkv bias, proj, proj bias, norm2, norm2 bias, fc1, fc1 bias, fc2, fc2 bias; adapters of qkv, proj, fc1, fc2
  def vision_block_qwen2(self: __torch__.Kernels, x: Tensor, cos: Tensor, sin: Tensor, window: Tensor, keep: Tensor, home: Tensor, adapter: Tensor, w: List[Tensor]) -> Tensor:
    d = torch.size(x, 1)
    y = torch.layer_norm(x, [d], torch.type_as(w[0], x), torch.type_as(w[1], x), 1e-06)
    qkv = self.adapted(self.biased(y, w[2], w[3]), y, w, 12, adapter)
    o = self.vision_attention(qkv, cos, sin, window, keep, home)
    x1 = torch.add(x, self.adapted(self.biased(o, w[4], w[5]), o, w, 14, adapter))
    y1 = torch.layer_norm(x1, [d], torch.type_as(w[6], x), torch.type_as(w[7], x), 1e-06)
    u = self.adapted(self.biased(y1, w[8], w[9]), y1, w, 16, adapter)
    z = torch.mul(u, torch.sigmoid(torch.mul(u, 1.702)))
    return torch.add(x1, self.adapted(self.biased(z, w[10], w[11]), z, w, 18, adapter))
  # w: norm1, qkv, qkv bias, proj, proj bias, norm2, gate, gate bias, up, up bias, down, down bias; adapters of qkv, proj, gate, up, down
  def vision_block_qwen2_5(self: __torch__.Kernels, x: Tensor, cos: Tensor, sin: Tensor, window: Tensor, keep: Tensor, home: Tensor, adapter: Tensor, w: List[Tensor]) -> Tensor:
    d = torch.size(x, 1)
    y = torch.rms_norm(x, [d], torch.type_as(w[0], x), 1e-06)
    qkv = self.adapted(self.biased(y, w[1], w[2]), y, w, 12, adapter)
    o = self.vision_attention(qkv, cos, sin, window, keep, home)
    x1 = torch.add(x, self.adapted(self.biased(o, w[3], w[4]), o, w, 14, adapter))
    y1 = torch.rms_norm(x1, [d], torch.type_as(w[5], x), 1e-06)
    gate = self.adapted(self.biased(y1, w[6], w[7]), y1, w, 16, adapter)
    z = torch.mul(torch.silu(gate), self.adapted(self.biased(y1, w[8], w[9]), y1, w, 18, adapter))
    return torch.add(x1, self.adapted(self.biased(z, w[10], w[11]), z, w, 20, adapter))
  def patch_embedding(self: __torch__.Kernels, patches: Tensor, projection: Tensor, like: Tensor) -> Tensor:
    x = torch.type_as(patches, like)
    return torch.linear(x, torch.reshape(torch.type_as(projection, x), [torch.size(projection, 0), -1]))
  # w: norm, norm bias, fc1, fc1 bias, fc2, fc2 bias; adapters of fc1, fc2
  def merge_qwen2(self: __torch__.Kernels, x: Tensor, adapter: Tensor, w: List[Tensor]) -> Tensor:
    y = torch.layer_norm(x, [torch.size(x, 1)], torch.type_as(w[0], x), torch.type_as(w[1], x), 1e-06)
    return self.merge(y, 2, adapter, w)
  # w: norm, fc1, fc1 bias, fc2, fc2 bias; adapters of fc1, fc2
  def merge_qwen2_5(self: __torch__.Kernels, x: Tensor, adapter: Tensor, w: List[Tensor]) -> Tensor:
    y = torch.rms_norm(x, [torch.size(x, 1)], torch.type_as(w[0], x), 1e-06)
    return self.merge(y, 1, adapter, w)
  # fc1 stands at first
  def merge(self: __torch__.Kernels, y: Tensor, first: int, adapter: Tensor, w: List[Tensor]) -> Tensor:
    fc1 = w[first]
    x = torch.reshape(y, [-1, torch.size(fc1, 1)])
    after = torch.add(first, 4)
    u = torch.gelu(self.adapted(self.biased(x, fc1, w[torch.add(first, 1)]), x, w, after, adapter))
    return self.adapted(self.biased(u, w[torch.add(first, 2)], w[torch.add(first, 3)]), u, w, torch.add(after, 2), adapter)
