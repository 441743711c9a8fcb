package dev.assay.scenes.source;

import dev.assay.scenes.world.Scene;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/** Parts of the world that have no scene in common. */
public enum Split {
  /** For training models. */
  TRAINING(0, 6),
  /** For the queries and candidates of the pipeline. */
  PIPELINE(6, 8),
  /** For evaluation. */
  HELD_OUT(8, 10);

  private final int from;
  private final int to;

  Split(int from, int to) {
    this.from = from;
    this.to = to;
  }

  /** Whether a scene belongs to this part. Every scene belongs to exactly one. */
  public boolean contains(Scene scene) {
    CRC32 hash = new CRC32();
    hash.update(scene.words().getBytes(StandardCharsets.UTF_8));
    long tenth = hash.getValue() % 10;
    return tenth >= from && tenth < to;
  }
}
