package dev.assay.checkpoint.adapter;

/**
 * The settings of a low-rank adapter (LoRA, arXiv 2106.09685). A layer with a frozen weight W
 * {@code [out, in]} gets A {@code [rank, in]} and B {@code [out, rank]}, and computes {@code W x +
 * scaling * B A dropout(x)}.
 *
 * @param rank of the update
 * @param alpha the numerator of {@link #scaling}
 * @param dropout probability that an input of A is set to zero in training
 * @param rankStabilized whether alpha is divided by the square root of the rank (rsLoRA, arXiv
 *     2312.03732) instead of the rank
 */
public record LoraConfig(
    int rank, double alpha, double dropout, TargetModules targets, boolean rankStabilized) {
  public LoraConfig {
    if (rank < 1) {
      throw new IllegalArgumentException("rank is " + rank + ", it must be at least 1");
    }
    if (!(alpha > 0)) {
      throw new IllegalArgumentException("alpha is " + alpha + ", it must be greater than 0");
    }
    if (!(dropout >= 0 && dropout < 1)) {
      throw new IllegalArgumentException(
          "dropout is " + dropout + ", it must be at least 0 and less than 1");
    }
  }

  /** The factor of the update. */
  public double scaling() {
    return alpha / (rankStabilized ? Math.sqrt(rank) : rank);
  }
}
