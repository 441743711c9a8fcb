
  # ---- layers that every tower has. w holds the weights of one block by their names within it. Trained weights are
  # float32 and are brought to the precision of x.
  # A linear layer, with its bias and its LoRA adapter where w has them: lora_A [rank, in], lora_B [out, rank].
  # w["lora"] [2], on the host: scaling, dropout.
  def linear(self: __torch__.Kernels, x: Tensor, w: Dict[str, Tensor], name: str) -> Tensor:
    weight = torch.type_as(w[torch.add(name, ".weight")], x)
    bias = torch.add(name, ".bias")
    if torch.__contains__(w, bias):
      y = torch.linear(x, weight, torch.type_as(w[bias], x))
    else:
      y = torch.linear(x, weight)
    a = torch.add(name, ".lora_A.weight")
    if torch.__contains__(w, a):
      lora = w["lora"]
      p = float(torch.select(lora, 0, 1))
      if torch.gt(p, 0.):
        kept = torch.dropout(x, p, True)
      else:
        kept = x
      low = torch.linear(kept, torch.type_as(w[a], x))
      up = torch.linear(low, torch.type_as(w[torch.add(name, ".lora_B.weight")], x))
      z = torch.add(y, torch.mul(up, float(torch.select(lora, 0, 0))))
    else:
      z = y
    return z
  def rms_norm(self: __torch__.Kernels, x: Tensor, w: Dict[str, Tensor], name: str, epsilon: float) -> Tensor:
    return torch.rms_norm(x, [torch.size(x, 1)], torch.type_as(w[torch.add(name, ".weight")], x), epsilon)
  def layer_norm(self: __torch__.Kernels, x: Tensor, w: Dict[str, Tensor], name: str, epsilon: float) -> Tensor:
    weight = torch.type_as(w[torch.add(name, ".weight")], x)
    bias = torch.type_as(w[torch.add(name, ".bias")], x)
    return torch.layer_norm(x, [torch.size(x, 1)], weight, bias, epsilon)

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

  # ---- attention
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
