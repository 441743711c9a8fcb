package dev.assay.udf.task;

import dev.assay.item.Sha256;
import dev.assay.model.features.ImageUse;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.TreeSet;
import org.apache.spark.util.AccumulatorV2;

/**
 * Counts the images that tasks use. Distinct ones are estimated from the smallest of their hashes:
 * exact up to {@value #HASHES} images, and with a standard error of 2 % beyond.
 */
public final class ImageCounter extends AccumulatorV2<String, ImageCounter.Totals>
    implements ImageUse {
  private static final long serialVersionUID = 1L;
  private static final int HASHES = 2048;

  /**
   * How images were used.
   *
   * @param encoded how often one went through the vision tower
   * @param reused how often one was needed and its features were there
   * @param distinct different images
   */
  public record Totals(long encoded, long reused, long distinct) {}

  private final TreeSet<Long> smallest = new TreeSet<>(); // hashes of keys, from 0 to 2^63
  private long encoded;
  private long reused;

  @Override
  public synchronized void encoded(String key) {
    encoded++;
    see(key);
  }

  @Override
  public synchronized void reused(String key) {
    reused++;
    see(key);
  }

  /** The same as {@link #encoded}. */
  @Override
  public void add(String key) {
    encoded(key);
  }

  private void see(String key) {
    String hash = Sha256.hex(key.getBytes(StandardCharsets.UTF_8)).substring(0, 16);
    keep(Long.parseUnsignedLong(hash, 16) >>> 1);
  }

  private void keep(long hash) {
    smallest.add(hash);
    if (smallest.size() > HASHES) {
      smallest.pollLast();
    }
  }

  @Override
  public synchronized Totals value() {
    return new Totals(encoded, reused, distinct());
  }

  private long distinct() {
    return smallest.size() < HASHES
        ? smallest.size()
        : Math.round((HASHES - 1) / (smallest.last() / 0x1p63));
  }

  @Override
  public synchronized boolean isZero() {
    return encoded == 0 && reused == 0;
  }

  @Override
  public synchronized ImageCounter copy() {
    ImageCounter copy = new ImageCounter();
    copy.encoded = encoded;
    copy.reused = reused;
    copy.smallest.addAll(smallest);
    return copy;
  }

  @Override
  public synchronized void reset() {
    encoded = 0;
    reused = 0;
    smallest.clear();
  }

  @Override
  public synchronized void merge(AccumulatorV2<String, Totals> other) {
    ImageCounter that = ((ImageCounter) other).copy();
    encoded += that.encoded;
    reused += that.reused;
    that.smallest.forEach(this::keep);
  }

  /** Spark's heartbeat writes it while the task still counts. */
  private synchronized void writeObject(ObjectOutputStream out) throws IOException {
    out.defaultWriteObject();
  }
}
