
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
  # The same for some tokens of the pack alone: at [n]
  def pick_mask(self: __torch__.Kernels, segment: Tensor, at: Tensor, past: Tensor, like: Tensor) -> Tensor:
    t = torch.size(segment, 0)
    index = torch.arange(t, dtype=4, device=ops.prim.device(segment))
    same = torch.eq(torch.unsqueeze(torch.index_select(segment, 0, at), 1), torch.unsqueeze(segment, 0))
    before = torch.le(torch.unsqueeze(index, 0), torch.unsqueeze(at, 1))
    hidden = torch.logical_not(torch.logical_and(same, before))
    own = torch.masked_fill(torch.new_zeros(like, torch.size(hidden)), hidden, -inf)
    return torch.cat([torch.new_zeros(like, [torch.size(at, 0), torch.size(past, 1)]), own], 1)
  # For segments side by side, rows [segments, length]: token i of each sees all of the past and its own tokens up to i, and so
  # never the padding behind it. [group * length, past + length]: the group of query heads that share a key head stands together.
  def ends_mask(self: __torch__.Kernels, rows: Tensor, past: Tensor, group: Tensor, like: Tensor) -> Tensor:
    length = torch.size(rows, 1)
    index = torch.arange(length, dtype=4, device=ops.prim.device(rows))
    hidden = torch.gt(torch.unsqueeze(index, 0), torch.unsqueeze(index, 1))
    own = torch.masked_fill(torch.new_zeros(like, [length, length]), hidden, -inf)
    one = torch.cat([torch.new_zeros(like, [length, torch.size(past, 1)]), own], 1)
    return torch.repeat(one, [int(group), 1])
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
  # Keys and values alone, the past's included: what the last layer gives to a past
  def decoder_keys(self: __torch__.Kernels, x: Tensor, cos: Tensor, sin: Tensor, past_k: Tensor, past_v: Tensor, epsilon: Tensor, w: Dict[str, Tensor]) -> Tuple[Tensor, Tensor]:
    shape = [torch.size(x, 0), -1, torch.size(cos, 1)]
    y = self.rms_norm(x, w, "input_layernorm", float(epsilon))
    k = self.rotate(torch.view(self.linear(y, w, "self_attn.k_proj"), shape), cos, sin)
    v = torch.view(self.linear(y, w, "self_attn.v_proj"), shape)
    return (torch.cat([past_k, torch.transpose(k, 0, 1)], 1), torch.cat([past_v, torch.transpose(v, 0, 1)], 1))
  # k [rows * length, kv heads, head] in rows, each behind the past: [rows, kv heads, past + length, head]
  def behind_past(self: __torch__.Kernels, k: Tensor, past: Tensor, rows: Tensor) -> Tensor:
    count, length, = torch.size(rows)
    heads, before, width, = torch.size(past)
    own = torch.transpose(torch.view(torch.index_select(k, 0, torch.reshape(rows, [-1])), [count, length, heads, width]), 1, 2)
    return torch.cat([torch.expand(torch.unsqueeze(past, 0), [count, heads, before, width]), own], 2)
  # Attention of segments side by side: rows [segments, length], home [t] as in window_attention, mask of ends_mask. It takes
  # segments * length * (past + length) steps, where a pack takes t * (past + t).
  def ends_attention(self: __torch__.Kernels, q: Tensor, k: Tensor, v: Tensor, rows: Tensor, home: Tensor, mask: Tensor, past_k: Tensor, past_v: Tensor) -> Tensor:
    count, length, = torch.size(rows)
    t, heads, width, = torch.size(q)
    shared = torch.size(past_k, 0)
    group = torch.floordiv(heads, shared)
    rowed = torch.view(torch.index_select(q, 0, torch.reshape(rows, [-1])), [count, length, shared, group, width])
    qw = torch.reshape(torch.permute(rowed, [0, 2, 3, 1, 4]), [count, shared, torch.mul(group, length), width])
    kw = self.behind_past(k, past_k, rows)
    vw = self.behind_past(v, past_v, rows)
    o = torch.scaled_dot_product_attention(qw, kw, vw, torch.unsqueeze(torch.unsqueeze(mask, 0), 0), 0., False)
    back = torch.permute(torch.reshape(o, [count, shared, group, length, width]), [0, 3, 1, 2, 4])
    return torch.index_select(torch.reshape(back, [torch.mul(count, length), torch.mul(heads, width)]), 0, home)
  # A layer over segments side by side that stand on a past
  def decoder_layer_ends(self: __torch__.Kernels, x: Tensor, cos: Tensor, sin: Tensor, rows: Tensor, home: Tensor, mask: Tensor, past_k: Tensor, past_v: Tensor, epsilon: Tensor, w: Dict[str, Tensor]) -> Tensor:
    q, k, v, = self.heads(x, cos, sin, epsilon, w)
    return self.rest(x, self.ends_attention(q, k, v, rows, home, mask, past_k, past_v), epsilon, w)
  # The last layer of a pack, of which some tokens are wanted: at [n], mask of pick_mask. Gives [n, hidden].
  def decoder_layer_last(self: __torch__.Kernels, x: Tensor, cos: Tensor, sin: Tensor, at: Tensor, mask: Tensor, past_k: Tensor, past_v: Tensor, epsilon: Tensor, w: Dict[str, Tensor]) -> Tensor:
    k, v, = self.decoder_keys(x, cos, sin, past_k, past_v, epsilon, w)
    picked = torch.index_select(x, 0, at)
    y = self.rms_norm(picked, w, "input_layernorm", float(epsilon))
    shape = [torch.size(at, 0), -1, torch.size(cos, 1)]
    q = self.rotate(torch.view(self.linear(y, w, "self_attn.q_proj"), shape), torch.index_select(cos, 0, at), torch.index_select(sin, 0, at))
    return self.rest(picked, self.pack_attention(q, k, v, mask), epsilon, w)
  # A layer over rows of different lengths, for training: rows [rows, length] and home [t] as in window_attention
  def decoder_layer_rows(self: __torch__.Kernels, x: Tensor, cos: Tensor, sin: Tensor, rows: Tensor, mask: Tensor, home: Tensor, epsilon: Tensor, w: Dict[str, Tensor]) -> Tensor:
    q, k, v, = self.heads(x, cos, sin, epsilon, w)
    group = torch.floordiv(torch.size(q, 1), torch.size(k, 1))
    o = self.window_attention(q, torch.repeat_interleave(k, group, 1), torch.repeat_interleave(v, group, 1), rows, mask, home)
    return self.rest(x, o, epsilon, w)
  # Normed hidden states [n, hidden] in float32
  def normed(self: __torch__.Kernels, x: Tensor, epsilon: Tensor, norm: Tensor) -> Tensor:
    return torch.to(torch.rms_norm(x, [torch.size(x, 1)], torch.type_as(norm, x), float(epsilon)), 6)
  # The same of some tokens
  def last_hidden(self: __torch__.Kernels, x: Tensor, at: Tensor, epsilon: Tensor, norm: Tensor) -> Tensor:
    y = torch.index_select(x, 0, at)
    return torch.to(torch.rms_norm(y, [torch.size(y, 1)], torch.type_as(norm, y), float(epsilon)), 6)
