package dev.assay.scenes;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/** Parts of the world that share no scene. */
public enum Split {
  /** Models are trained on it. */
  TRAINING(0, 6),
  /** Queries and candidates of the pipeline. */
  PIPELINE(6, 8),
  /** Evaluation. */
  HELD_OUT(8, 10);

  private final int from;
  private final int to;

  Split(int from, int to) {
    this.from = from;
    this.to = to;
  }

  /** Whether a scene belongs to this part; each belongs to exactly one. */
  public boolean contains(Scene scene) {
    CRC32 hash = new CRC32();
    hash.update(scene.words().getBytes(StandardCharsets.UTF_8));
    long tenth = hash.getValue() % 10;
    return tenth >= from && tenth < to;
  }
}
