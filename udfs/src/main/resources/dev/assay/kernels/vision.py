
  # ---- vision tower: what the families share
  def patch_embedding(self: __torch__.Kernels, patches: Tensor, projection: Tensor, like: Tensor) -> Tensor:
    x = torch.type_as(patches, like)
    return torch.linear(x, torch.reshape(torch.type_as(projection, x), [torch.size(projection, 0), -1]))
  # y [n, hidden]: what the block normed; keep [windows, length]: 0, or -inf at the padding
  def vision_attention(self: __torch__.Kernels, y: Tensor, cos: Tensor, sin: Tensor, window: Tensor, keep: Tensor, home: Tensor, w: Dict[str, Tensor]) -> Tensor:
    qkv = self.linear(y, w, "attn.qkv")
    q, k, v, = torch.unbind(torch.view(qkv, [torch.size(qkv, 0), 3, -1, torch.size(cos, 1)]), 1)
    count, length, = torch.size(window)
    mask = torch.expand(torch.view(torch.type_as(keep, q), [count, 1, 1, length]), [count, 1, length, length])
    o = self.window_attention(self.rotate(q, cos, sin), self.rotate(k, cos, sin), v, window, mask, home)
    return self.linear(o, w, "attn.proj")
  # y [patches, hidden]; the patches that make one token stand together
  def merge(self: __torch__.Kernels, y: Tensor, w: Dict[str, Tensor]) -> Tensor:
    x = torch.reshape(y, [-1, torch.size(w["mlp.0.weight"], 1)])
    return self.linear(torch.gelu(self.linear(x, w, "mlp.0")), w, "mlp.2")
