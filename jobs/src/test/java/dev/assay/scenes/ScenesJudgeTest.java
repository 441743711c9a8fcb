package dev.assay.scenes;

import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import dev.assay.checkpoint.CheckpointFolder;
import dev.assay.item.EncodedImage;
import dev.assay.item.Item;
import dev.assay.judge.Order;
import dev.assay.judge.PairJudge;
import dev.assay.model.Precision;
import dev.assay.scenes.source.SceneSource;
import dev.assay.scenes.source.Split;
import dev.assay.scenes.world.Caption;
import dev.assay.scenes.world.Drawing;
import dev.assay.scenes.world.Scene;
import dev.assay.session.Limits;
import dev.assay.session.LoadedCheckpoint;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import javax.imageio.ImageIO;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;

/**
 * The committed judge on pairs that it was not trained on: half are met, and of the others half
 * fail in one attribute only.
 */
class ScenesJudgeTest {
  private static final int SCENES = 150;
  private static final int PAIRS_A_SCENE = 4;
  private static final String FOLDER = "../src/models/scenes-judge";

  private final SceneSource source = new SceneSource(Split.HELD_OUT, 11);

  private record Judged(float margin, boolean met) {}

  @Test
  void separatesMatchesFromNearMisses() throws IOException {
    List<Judged> texts = new ArrayList<>();
    List<Judged> changes = new ArrayList<>();
    CheckpointFolder folder = CheckpointFolder.open(FOLDER, new Configuration());
    try (LoadedCheckpoint loaded = LoadedCheckpoint.load(folder, Device.cpu(), Precision.FLOAT32);
        PairJudge judge =
            new PairJudge(loaded, "Does the candidate meet the query?", Limits.defaults())) {
      for (int i = 0; i < SCENES; i++) {
        captions(judge, i % 2 == 0 ? Order.QUERY_FIRST : Order.CANDIDATE_FIRST, texts);
        changes(judge, changes);
      }
    }
    List<Judged> all = new ArrayList<>(texts);
    all.addAll(changes);
    System.out.printf(
        "scenes-judge, AUC on %,d fresh pairs: %.4f (captions %.4f, changes %.4f)%n",
        all.size(), auc(all), auc(texts), auc(changes));
    assertTrue(auc(all) >= 0.95, () -> "AUC is " + auc(all));
  }

  private void captions(PairJudge judge, Order order, List<Judged> to) throws IOException {
    Scene scene = source.scene();
    List<Item> captions = new ArrayList<>();
    List<Boolean> met = new ArrayList<>();
    for (int i = 0; i < PAIRS_A_SCENE; i++) {
      Caption caption =
          switch (i) {
            case 0, 1 -> source.captionOf(scene);
            case 2 -> until(() -> source.nearMissOf(source.captionOf(scene), scene));
            default ->
                until(
                    () ->
                        Optional.of(source.captionOf(source.scene()))
                            .filter(c -> !c.isTrueOf(scene)));
          };
      captions.add(new Item(caption.words(), null));
      met.add(caption.isTrueOf(scene));
    }
    add(judge.score(order, new Item(null, image(scene)), captions), met, to);
  }

  private void changes(PairJudge judge, List<Judged> to) throws IOException {
    SceneSource.Wish wish = source.wish();
    Scene wanted = wish.wanted();
    List<Item> candidates = new ArrayList<>();
    List<Boolean> met = new ArrayList<>();
    for (int i = 0; i < PAIRS_A_SCENE; i++) {
      Scene shown =
          switch (i) {
            case 0, 1 -> source.rearranged(wanted).orElse(wanted);
            case 2 -> until(() -> source.nearMissOf(wanted));
            default -> until(() -> Optional.of(source.scene(2)).filter(s -> !wanted.isMetBy(s)));
          };
      candidates.add(new Item(null, image(shown)));
      met.add(wanted.isMetBy(shown));
    }
    add(
        judge.score(
            Order.QUERY_FIRST, new Item(wish.change().words(), image(wish.scene())), candidates),
        met,
        to);
  }

  private static void add(float[] margins, List<Boolean> met, List<Judged> to) {
    for (int i = 0; i < margins.length; i++) {
      to.add(new Judged(margins[i], met.get(i)));
    }
  }

  private EncodedImage image(Scene scene) throws IOException {
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    ImageIO.write(Drawing.of(scene, source.imageRandom()), "png", png);
    return EncodedImage.of(png.toByteArray());
  }

  /** The share of (met, not met) that stand in the right order. */
  private static double auc(List<Judged> judged) {
    double right = 0;
    long both = 0;
    for (Judged met : judged) {
      for (Judged not : judged) {
        if (met.met() && !not.met()) {
          both++;
          right += met.margin() > not.margin() ? 1 : met.margin() == not.margin() ? 0.5 : 0;
        }
      }
    }
    return right / both;
  }

  private static <T> T until(Supplier<Optional<T>> draw) {
    Optional<T> drawn = draw.get();
    while (drawn.isEmpty()) {
      drawn = draw.get();
    }
    return drawn.get();
  }
}
