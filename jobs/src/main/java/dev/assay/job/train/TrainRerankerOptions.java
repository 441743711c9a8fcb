package dev.assay.job.train;

import dev.assay.job.failure.SettingsException;
import dev.assay.train.RerankRows;

/**
 * Options of {@link TrainRerankerJob}.
 *
 * @param pairInstruction before a query and one candidate: the judge's instruction
 * @param listInstruction before a query and several candidates
 * @param listNegatives how many of the hardest negatives a list has beside the positive
 */
public record TrainRerankerOptions(
    TrainOptions common, String pairInstruction, String listInstruction, int listNegatives) {
  public TrainRerankerOptions {
    int negatives = common.data().negatives();
    if (listNegatives > negatives) {
      throw new SettingsException(
          common.key()
              + ".list-negatives is "
              + listNegatives
              + ", more than negatives ("
              + negatives
              + ")");
    }
    try {
      rows(pairInstruction, listInstruction, listNegatives);
    } catch (IllegalArgumentException e) {
      throw new SettingsException(common.key() + ": " + e.getMessage(), e);
    }
  }

  RerankRows rows() {
    return rows(pairInstruction, listInstruction, listNegatives);
  }

  private static RerankRows rows(String pair, String list, int negatives) {
    return new RerankRows(pair, list, negatives);
  }
}
