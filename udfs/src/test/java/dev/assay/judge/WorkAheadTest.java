package dev.assay.judge;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.assay.Fixtures;
import dev.assay.item.EncodedImage;
import dev.assay.item.Item;
import dev.assay.model.Precision;
import dev.assay.session.Limits;
import dev.assay.session.LoadedCheckpoint;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class WorkAheadTest {
  @Test
  void marginsAreTheSameToTheBitWithWorkDoneAheadAndWithout() throws InterruptedException {
    Item query = new Item("which?", image("small.png"));
    List<Item> candidates =
        Stream.of("exact.png", "tall.png", "wide.png", "gray.png")
            .map(name -> new Item("one", image(name)))
            .toList();
    try (LoadedCheckpoint loaded = Fixtures.load("qwen2-vl", Precision.FLOAT32)) {
      float[] without = margins(loaded, query, candidates, false);
      float[] with = margins(loaded, query, candidates, true);
      assertArrayEquals(without, with);
    }
    try (LoadedCheckpoint loaded = Fixtures.load("qwen2-vl", Precision.FLOAT32)) {
      assertArrayEquals(
          margins(loaded, query, candidates, true), margins(loaded, query, candidates, false));
    }
  }

  private static float[] margins(
      LoadedCheckpoint loaded, Item query, List<Item> candidates, boolean ahead)
      throws InterruptedException {
    try (PairJudge judge = new PairJudge(loaded, "", Limits.defaults())) {
      if (ahead) {
        Thread other =
            new Thread(
                () -> {
                  judge.ahead(query);
                  for (Item candidate : candidates.subList(0, 3)) {
                    judge.ahead(candidate);
                    judge.ahead(Order.QUERY_FIRST, query, candidate);
                  }
                });
        other.start();
        other.join();
      }
      candidates.forEach(judge::prepare);
      return judge.score(Order.QUERY_FIRST, query, candidates);
    }
  }

  private static EncodedImage image(String name) {
    return new EncodedImage(name, Fixtures.bytes("images/" + name));
  }
}
