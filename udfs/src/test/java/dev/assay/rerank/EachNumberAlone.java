package dev.assay.rerank;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.assay.Fixtures;
import dev.assay.item.Item;
import dev.assay.model.Precision;
import dev.assay.model.features.TaskImages;
import dev.assay.model.tokens.Segment;
import dev.assay.prompt.PromptEncoder;
import dev.assay.prompt.TokenSequence;
import dev.assay.prompt.TokenSequence.ImageSpan;
import dev.assay.session.Limits;
import dev.assay.session.LoadedCheckpoint;
import dev.assay.session.ModelSession;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;

/** The slow twin: every number is walked on its own, each of its tokens after a whole pass. */
final class EachNumberAlone implements AutoCloseable {
  private final LoadedCheckpoint checkpoint;
  private final PromptEncoder encoder;
  private final ModelSession session;
  private final TaskImages images;

  EachNumberAlone(String name) {
    checkpoint = Fixtures.load(name, Precision.FLOAT32);
    encoder = checkpoint.encoder();
    session = new ModelSession(checkpoint, Limits.defaults());
    images = session.images();
  }

  float[] rank(Item query, List<Item> candidates) {
    List<long[]> answers = new ArrayList<>();
    for (int i = 1; i <= candidates.size(); i++) {
      answers.add(encoder.tokenizer().encode("Ans: (" + i + ")"));
    }
    TokenSequence prompt =
        encoder.chat(new ListPrompt(ListPrompt.INSTRUCTION).of(query, candidates), images::grid);
    float[] probabilities = new float[answers.size()];
    for (int i = 0; i < probabilities.length; i++) {
      double probability = 1;
      long[] answer = answers.get(i);
      for (int at = 0; at < answer.length; at++) {
        long[] said = Arrays.copyOf(answer, at);
        TreeSet<Long> possible = new TreeSet<>();
        for (long[] other : answers) {
          if (other.length > at && Arrays.equals(Arrays.copyOf(other, at), said)) {
            possible.add(other[at]);
          }
        }
        if (possible.size() > 1) {
          probability *= probability(prompt.then(said), answer[at], possible);
        }
      }
      probabilities[i] = (float) probability;
    }
    return probabilities;
  }

  private double probability(TokenSequence tokens, long next, TreeSet<Long> possible) {
    images.require(tokens.images().stream().map(ImageSpan::image).toList());
    long[] ids = possible.stream().mapToLong(Long::longValue).toArray();
    try (NDManager scope = checkpoint.model().newScope();
        NDArray rows = checkpoint.model().outputRows(ids)) {
      NDArray hidden =
          checkpoint.model().lastHidden(scope, List.of(Segment.whole(tokens)), null, images::of);
      float[] logits = rows.matMul(hidden.transpose()).toFloatArray();
      double all = 0;
      for (float logit : logits) {
        all += Math.exp(logit);
      }
      return Math.exp(logits[possible.headSet(next).size()]) / all;
    }
  }

  @Override
  public void close() {
    session.close();
    checkpoint.close();
  }
}
