
  # ---- Qwen2.5-VL's vision tower
  def vision_block_qwen2_5(self: __torch__.Kernels, x: Tensor, cos: Tensor, sin: Tensor, window: Tensor, keep: Tensor, home: Tensor, w: Dict[str, Tensor]) -> Tensor:
    y = self.rms_norm(x, w, "norm1", 1e-06)
    x1 = torch.add(x, self.vision_attention(y, cos, sin, window, keep, home, w))
    y1 = self.rms_norm(x1, w, "norm2", 1e-06)
    gate = self.linear(y1, w, "mlp.gate_proj")
    z = torch.mul(torch.silu(gate), self.linear(y1, w, "mlp.up_proj"))
    return torch.add(x1, self.linear(z, w, "mlp.down_proj"))
  def merge_qwen2_5(self: __torch__.Kernels, x: Tensor, w: Dict[str, Tensor]) -> Tensor:
    return self.merge(self.rms_norm(x, w, "ln_q", 1e-06), w)
