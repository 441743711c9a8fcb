
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
  def assign(self: __torch__.Kernels, target: Tensor, values: Tensor) -> Tensor:
    return torch.copy_(target, values)
  def rows(self: __torch__.Kernels, table: Tensor, ids: Tensor) -> Tensor:
    return torch.index_select(table, 0, ids)
