
  # ---- Qwen2-VL's vision tower
  def vision_block_qwen2(self: __torch__.Kernels, x: Tensor, cos: Tensor, sin: Tensor, window: Tensor, keep: Tensor, home: Tensor, w: Dict[str, Tensor]) -> Tensor:
    y = self.layer_norm(x, w, "norm1", 1e-06)
    x1 = torch.add(x, self.vision_attention(y, cos, sin, window, keep, home, w))
    u = self.linear(self.layer_norm(x1, w, "norm2", 1e-06), w, "mlp.fc1")
    z = torch.mul(u, torch.sigmoid(torch.mul(u, 1.702)))
    return torch.add(x1, self.linear(z, w, "mlp.fc2"))
  def merge_qwen2(self: __torch__.Kernels, x: Tensor, w: Dict[str, Tensor]) -> Tensor:
    return self.merge(self.layer_norm(x, w, "ln_q", 1e-06), w)
