package dev.assay.session;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.assay.Fixtures;
import dev.assay.checkpoint.CheckpointException;
import dev.assay.embed.ItemEmbedder;
import dev.assay.item.Item;
import dev.assay.judge.JudgePrompt;
import dev.assay.judge.Order;
import dev.assay.judge.PairJudge;
import dev.assay.model.Precision;
import dev.assay.rerank.ListPrompt;
import dev.assay.rerank.ListReranker;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LoadedCheckpointTest {
  private static final class Counted implements LoadedCheckpoint.Head {
    private static final AtomicInteger MADE = new AtomicInteger();
    private static final AtomicInteger CLOSED = new AtomicInteger();

    static Counted of(LoadedCheckpoint checkpoint) {
      MADE.incrementAndGet();
      return new Counted();
    }

    @Override
    public void close() {
      CLOSED.incrementAndGet();
    }
  }

  @Test
  void aHeadIsMadeOnceAndClosedOnceWithTheCheckpoint() {
    try (LoadedCheckpoint loaded = Fixtures.load("qwen2-vl", Precision.FLOAT32)) {
      assertThrows(
          CheckpointException.class,
          () ->
              loaded.head(
                  Counted.class,
                  checkpoint -> {
                    throw new CheckpointException("no such tensor");
                  }));
      Counted first = loaded.head(Counted.class, Counted::of);
      assertSame(first, loaded.head(Counted.class, Counted::of));
      assertEquals(0, Counted.CLOSED.get());
    }
    assertEquals(1, Counted.MADE.get());
    assertEquals(1, Counted.CLOSED.get());
  }

  @Test
  void judgeEmbedderAndRerankerShareACheckpointAndLeaveItOpen() {
    Item query = new Item("a red circle", null);
    List<Item> items = List.of(new Item("red", null), new Item("blue", null));
    Limits limits = Limits.defaults();
    try (LoadedCheckpoint loaded = Fixtures.load("qwen2-vl", Precision.FLOAT32)) {
      float[] before;
      try (PairJudge judge = new PairJudge(loaded, JudgePrompt.INSTRUCTION, limits)) {
        before = judge.score(Order.QUERY_FIRST, query, items);
      }
      try (ItemEmbedder embedder = new ItemEmbedder(loaded, limits);
          ListReranker reranker = new ListReranker(loaded, ListPrompt.INSTRUCTION, limits)) {
        assertEquals(2, embedder.encode(items).length);
        assertEquals(2, reranker.rank(query, items).length);
      }
      try (PairJudge judge = new PairJudge(loaded, JudgePrompt.INSTRUCTION, limits)) {
        assertArrayEquals(before, judge.score(Order.QUERY_FIRST, query, items));
      }
    }
  }
}
