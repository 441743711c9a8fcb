
  # ---- retrieval
  # queries [n, d] and candidates [m, d], both float32 or both bfloat16: their products [n, m]
  def products(self: __torch__.Kernels, queries: Tensor, candidates: Tensor) -> Tensor:
    return torch.linear(queries, candidates)
