
  # ---- decoder
  # Token i of the pack (segment [t]) sees all of the past, and of its own segment itself and what stands before it.
  def pack_mask(self: __torch__.Kernels, segment: Tensor, past: Tensor, like: Tensor) -> Tensor:
    t = torch.size(segment, 0)
    p = torch.size(past, 1)
    index = torch.arange(t, dtype=4, device=ops.prim.device(segment))
    same = torch.eq(torch.unsqueeze(segment, 1), torch.unsqueeze(segment, 0))
    before = torch.le(torch.unsqueeze(index, 0), torch.unsqueeze(index, 1))
    hidden = torch.logical_not(torch.logical_and(same, before))
    own = torch.masked_fill(torch.new_zeros(like, [t, t]), hidden, -inf)
    return torch.cat([torch.new_zeros(like, [t, p]), own], 1)
  # parts [rows, length], -1 at padding: a token sees itself and those before it of its own part and of part 0
  def row_mask(self: __torch__.Kernels, parts: Tensor, like: Tensor) -> Tensor:
    length = torch.size(parts, 1)
    index = torch.arange(length, dtype=4, device=ops.prim.device(parts))
    before = torch.le(torch.unsqueeze(index, 0), torch.unsqueeze(index, 1))
    seen = torch.unsqueeze(parts, 1)
    own = torch.logical_or(torch.eq(torch.unsqueeze(parts, 2), seen), torch.eq(seen, 0))
    hidden = torch.logical_not(torch.logical_and(own, before))
    return torch.unsqueeze(torch.masked_fill(torch.new_zeros(like, torch.size(hidden)), hidden, -inf), 1)
  # features: each image's [tokens, hidden], in the order of at
  def place(self: __torch__.Kernels, x: Tensor, at: Tensor, features: List[Tensor]) -> Tensor:
    return torch.index_copy(x, 0, at, torch.type_as(torch.cat(features, 0), x))
  # A layer is heads, attention and rest.
  # x [t, hidden]; cos, sin [t, head]; queries, keys and values: [t, heads, head]
  def heads(self: __torch__.Kernels, x: Tensor, cos: Tensor, sin: Tensor, epsilon: Tensor, w: Dict[str, Tensor]) -> Tuple[Tensor, Tensor, Tensor]:
    shape = [torch.size(x, 0), -1, torch.size(cos, 1)]
    y = self.rms_norm(x, w, "input_layernorm", float(epsilon))
    q = self.rotate(torch.view(self.linear(y, w, "self_attn.q_proj"), shape), cos, sin)
    k = self.rotate(torch.view(self.linear(y, w, "self_attn.k_proj"), shape), cos, sin)
    v = torch.view(self.linear(y, w, "self_attn.v_proj"), shape)
    return (q, k, v)
  # o [t, heads * head]: what attention gave
  def rest(self: __torch__.Kernels, x: Tensor, o: Tensor, epsilon: Tensor, w: Dict[str, Tensor]) -> Tensor:
    x1 = torch.add(x, self.linear(o, w, "self_attn.o_proj"))
    y1 = self.rms_norm(x1, w, "post_attention_layernorm", float(epsilon))
    gate = self.linear(y1, w, "mlp.gate_proj")
    z = torch.mul(torch.silu(gate), self.linear(y1, w, "mlp.up_proj"))
    return torch.add(x1, self.linear(z, w, "mlp.down_proj"))
  # q [t, heads, head]; k, v [kv heads, past + t, head]; mask [t, past + t]
  def pack_attention(self: __torch__.Kernels, q: Tensor, k: Tensor, v: Tensor, mask: Tensor) -> Tensor:
    group = torch.floordiv(torch.size(q, 1), torch.size(k, 0))
    o = torch.scaled_dot_product_attention(torch.unsqueeze(torch.transpose(q, 0, 1), 0), torch.unsqueeze(torch.repeat_interleave(k, group, 0), 0), torch.unsqueeze(torch.repeat_interleave(v, group, 0), 0), torch.unsqueeze(torch.unsqueeze(mask, 0), 0), 0., False)
    return torch.reshape(torch.transpose(torch.squeeze(o, 0), 0, 1), [torch.size(q, 0), -1])
  # A layer over a pack that stands on a past: past_k, past_v [kv heads, past, head]. Gives keys and values, the past's included.
  def decoder_layer(self: __torch__.Kernels, x: Tensor, cos: Tensor, sin: Tensor, mask: Tensor, past_k: Tensor, past_v: Tensor, epsilon: Tensor, w: Dict[str, Tensor]) -> Tuple[Tensor, Tensor, Tensor]:
    q, own_k, own_v, = self.heads(x, cos, sin, epsilon, w)
    k = torch.cat([past_k, torch.transpose(own_k, 0, 1)], 1)
    v = torch.cat([past_v, torch.transpose(own_v, 0, 1)], 1)
    return (self.rest(x, self.pack_attention(q, k, v, mask), epsilon, w), k, v)
  # A layer over rows of different lengths, for training: rows [rows, length] and home [t] as in window_attention
  def decoder_layer_rows(self: __torch__.Kernels, x: Tensor, cos: Tensor, sin: Tensor, rows: Tensor, mask: Tensor, home: Tensor, epsilon: Tensor, w: Dict[str, Tensor]) -> Tensor:
    q, k, v, = self.heads(x, cos, sin, epsilon, w)
    group = torch.floordiv(torch.size(q, 1), torch.size(k, 1))
    o = self.window_attention(q, torch.repeat_interleave(k, group, 1), torch.repeat_interleave(v, group, 1), rows, mask, home)
    return self.rest(x, o, epsilon, w)
  # The last tokens' hidden states [segments, hidden] in float32
  def last_hidden(self: __torch__.Kernels, x: Tensor, at: Tensor, epsilon: Tensor, norm: Tensor) -> Tensor:
    y = torch.index_select(x, 0, at)
    return torch.to(torch.rms_norm(y, [torch.size(y, 1)], torch.type_as(norm, y), float(epsilon)), 6)
