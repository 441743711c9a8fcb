
  # ---- training
  def together(self: __torch__.Kernels, features: List[Tensor]) -> Tensor:
    return torch.cat(features, 0)
  # Token ids [n] become their embeddings, in the precision of like; rows of features take the places at
  def embed_rows(self: __torch__.Kernels, table: Tensor, ids: Tensor, at: Tensor, features: Tensor, rows: Tensor, like: Tensor) -> Tensor:
    x = torch.type_as(torch.index_select(table, 0, ids), like)
    return torch.index_copy(x, 0, at, torch.type_as(torch.index_select(features, 0, rows), x))
  # Sum of weighted cross-entropies: hidden [n, hidden] float32, table [vocabulary, hidden], choices [c] token ids, target [n]
  # places among them; without choices all of the vocabulary
  def cross_entropy(self: __torch__.Kernels, hidden: Tensor, table: Tensor, choices: Tensor, target: Tensor, weight: Tensor) -> Tensor:
    if torch.eq(torch.numel(choices), 0):
      some = table
    else:
      some = torch.index_select(table, 0, choices)
    logits = torch.to(torch.linear(torch.type_as(hidden, some), some), 6)
    wanted = torch.gather(torch.log_softmax(logits, -1), 1, torch.unsqueeze(target, 1))
    return torch.neg(torch.sum(torch.mul(torch.squeeze(wanted, 1), weight)))
