
  # ---- retrieval
  # queries [n, d] and candidates [m, d], both float32 or both bfloat16: their products [n, m]
  def products(self: __torch__.Kernels, queries: Tensor, candidates: Tensor) -> Tensor:
    return torch.linear(queries, candidates)
  # The same for int8, m a multiple of 16: the products in int32, and the largest of each 16 that stand m / 16 apart [n, m / 16]
  def int8_products(self: __torch__.Kernels, queries: Tensor, candidates: Tensor) -> Tuple[Tensor, Tensor]:
    products = torch._int_mm(queries, torch.t(candidates))
    grouped = torch.view(products, [torch.size(products, 0), 16, -1])
    return (products, torch.amax(grouped, [1]))
