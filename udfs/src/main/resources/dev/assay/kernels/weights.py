
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
  # Numbers of an array in float32, counted row by row
  def numbers(self: __torch__.Kernels, x: Tensor, start: Tensor, count: Tensor) -> Tensor:
    return torch.to(torch.narrow(torch.view(x, [-1]), 0, int(start), int(count)), 6)
  def set_numbers(self: __torch__.Kernels, target: Tensor, start: Tensor, values: Tensor) -> Tensor:
    return self.store(torch.view(target, [-1]), start, values)
  # Gives an array's memory back, and gives it memory again, with zeros, in the shape of like
  def drop_memory(self: __torch__.Kernels, x: Tensor) -> Tensor:
    return torch.set_(x, torch.new_empty(x, [0]))
  def refill(self: __torch__.Kernels, x: Tensor, like: Tensor) -> Tensor:
    return torch.zero_(torch.resize_(x, torch.size(like)))
  def rows(self: __torch__.Kernels, table: Tensor, ids: Tensor) -> Tensor:
    return torch.index_select(table, 0, ids)
  def float32_rows(self: __torch__.Kernels, table: Tensor, ids: Tensor) -> Tensor:
    return torch.to(torch.index_select(table, 0, ids), 6)
