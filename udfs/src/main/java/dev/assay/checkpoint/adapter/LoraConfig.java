package dev.assay.checkpoint.adapter;

/**
 * A low-rank adapter (LoRA, arXiv 2106.09685): beside a frozen weight W {@code [out, in]} stand A
 * {@code [rank, in]} and B {@code [out, rank]}, and the layer computes {@code W x + scaling * B A
 * dropout(x)}.
 *
 * @param rank of the update
 * @param alpha what {@link #scaling} is made of
 * @param dropout probability that an input of A is left out in training
 * @param rankStabilized whether alpha is divided by the root of the rank (rsLoRA, arXiv 2312.03732)
 *     instead of the rank
 */
public record LoraConfig(
    int rank, double alpha, double dropout, TargetModules targets, boolean rankStabilized) {
  public LoraConfig {
    if (rank < 1) {
      throw new IllegalArgumentException("rank is " + rank + ", below 1");
    }
    if (!(alpha > 0)) {
      throw new IllegalArgumentException("alpha is " + alpha + ", not above 0");
    }
    if (!(dropout >= 0 && dropout < 1)) {
      throw new IllegalArgumentException("dropout is " + dropout + ", not in [0, 1)");
    }
  }

  /** What the update is multiplied by. */
  public double scaling() {
    return alpha / (rankStabilized ? Math.sqrt(rank) : rank);
  }
}
