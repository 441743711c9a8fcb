package dev.assay.session;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.assay.embed.ItemEmbedder;
import dev.assay.judge.Order;
import dev.assay.judge.PairJudge;
import dev.assay.model.Precision;
import dev.assay.rerank.ListReranker;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class CheckpointIdentityTest {
  private static final CheckpointIdentity ONE =
      new CheckpointIdentity("contents", Precision.FLOAT32, "images");

  @Test
  void everythingThatChangesAResultChangesTheFingerprint() {
    List<String> all =
        List.of(
            ONE.fingerprint("judge", 2, "an instruction"),
            ONE.fingerprint("judge", 3, "an instruction"),
            ONE.fingerprint("embed", 2, "an instruction"),
            ONE.fingerprint("judge", 2, "an", "instruction"),
            ONE.fingerprint("judge", 2),
            new CheckpointIdentity("contents", Precision.BFLOAT16, "images")
                .fingerprint("judge", 2, "an instruction"),
            new CheckpointIdentity("other", Precision.FLOAT32, "images")
                .fingerprint("judge", 2, "an instruction"),
            new CheckpointIdentity("contents", Precision.FLOAT32, "other")
                .fingerprint("judge", 2, "an instruction"));
    assertEquals(all.size(), Set.copyOf(all).size());
  }

  @Test
  void theThreeComputationsPutTheirVersionIn() {
    assertEquals(
        ONE.fingerprint("judge", PairJudge.VERSION, "QUERY_FIRST", "an instruction"),
        PairJudge.fingerprint(ONE, "an instruction", Order.QUERY_FIRST));
    assertEquals(
        ONE.fingerprint("rerank", ListReranker.VERSION, "an instruction"),
        ListReranker.fingerprint(ONE, "an instruction"));
    assertEquals(ONE.fingerprint("embed", ItemEmbedder.VERSION), ItemEmbedder.fingerprint(ONE));
    assertEquals(
        4,
        new TreeSet<>(
                List.of(
                    PairJudge.fingerprint(ONE, "text", Order.QUERY_FIRST),
                    PairJudge.fingerprint(ONE, "text", Order.CANDIDATE_FIRST),
                    ListReranker.fingerprint(ONE, "text"),
                    ItemEmbedder.fingerprint(ONE)))
            .size());
  }
}
