package dev.assay.job.ingest.jsonl;

import dev.assay.item.BadItemException;
import dev.assay.job.ingest.input.Found;
import dev.assay.job.ingest.input.JsonRow;
import dev.assay.job.ingest.input.StoredBytes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Reads the lines that begin in a part of a file. A line ends with {@code \n}. Each line is held in
 * memory as a whole, so its length has a limit.
 */
final class LineReader implements Iterator<LineReader.Line>, AutoCloseable {
  private static final int BUFFER_BYTES = 1 << 18;

  /**
   * One line.
   *
   * @param number counted from 1 over the whole file
   * @param bytes without the line end; null where it is longer than {@link JsonRow#MAX_LINE_BYTES},
   *     and where the file is broken
   * @param broken why nothing can be read from here on, or null
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Line(long number, byte[] bytes, String broken) {
    /**
     * The line's JSON object.
     *
     * @throws BadItemException if the line is not a JSON object
     */
    JsonRow json() {
      if (broken != null) {
        throw new BadItemException(Found.BROKEN_FILE, broken);
      }
      return JsonRow.parse(bytes);
    }
  }

  private final InputStream in;
  private final long end;
  private final byte[] buffer;
  private int filled;
  private int next;
  private long position; // of buffer[next] in the file
  private long number;
  private String broken;
  private boolean brokenShown;

  /**
   * Opens a part of a file.
   *
   * @throws UncheckedIOException if the storage fails
   */
  LineReader(LineSplit split, Configuration hadoop) throws IOException {
    // A line begins after a line end: look from the byte before.
    this.position = Math.max(0, split.start() - 1);
    this.end = split.end();
    this.number = split.firstLine();
    this.buffer = buffer(end - position);
    InputStream stored = StoredBytes.open(new Path(split.file()), position, hadoop);
    try {
      this.in = split.compression().decompress(stored, hadoop);
      if (split.start() > 0) {
        skipLine();
      }
    } catch (IOException | RuntimeException e) {
      stored.close();
      throw e;
    }
  }

  private static byte[] buffer(long bytesToRead) {
    return new byte[(int) Math.max(1, Math.min(BUFFER_BYTES, bytesToRead))];
  }

  /** Counts the line ends in the bytes from {@code start} to before {@code end}. */
  static long countLineEnds(String file, long start, long end, Configuration hadoop)
      throws IOException {
    Path path = new Path(file);
    FileSystem fileSystem = path.getFileSystem(hadoop);
    byte[] bytes = buffer(end - start);
    long count = 0;
    try (FSDataInputStream in = fileSystem.open(path)) {
      in.seek(start);
      for (long left = end - start; left > 0; ) {
        int n = in.read(bytes, 0, (int) Math.min(bytes.length, left));
        if (n < 0) {
          break;
        }
        for (int i = 0; i < n; i++) {
          count += bytes[i] == '\n' ? 1 : 0;
        }
        left -= n;
      }
    }
    return count;
  }

  @Override
  public boolean hasNext() {
    return position < end && (fill() || (broken != null && !brokenShown));
  }

  @Override
  public Line next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    ByteArrayOutputStream line = new ByteArrayOutputStream(256);
    boolean tooLong = false;
    while (fill()) {
      int stop = lineEnd();
      tooLong |= (long) line.size() + stop - next > JsonRow.MAX_LINE_BYTES;
      if (!tooLong) {
        line.write(buffer, next, stop - next);
      }
      boolean ended = stop < filled;
      advance(ended ? stop + 1 : stop);
      if (ended) {
        break;
      }
    }
    if (broken != null) {
      brokenShown = true;
      return new Line(number, null, broken);
    }
    return new Line(number++, tooLong ? null : line.toByteArray(), null);
  }

  private void skipLine() {
    while (fill()) {
      int stop = lineEnd();
      boolean ended = stop < filled;
      advance(ended ? stop + 1 : stop);
      if (ended) {
        return;
      }
    }
  }

  /** Index in the buffer of the next line end, or of the end of what is filled. */
  private int lineEnd() {
    int i = next;
    while (i < filled && buffer[i] != '\n') {
      i++;
    }
    return i;
  }

  private void advance(int to) {
    position += to - next;
    next = to;
  }

  /** Whether there is a byte to read, reading more of the file if needed. */
  private boolean fill() {
    if (next < filled) {
      return true;
    }
    if (broken != null) {
      return false;
    }
    try {
      filled = Math.max(0, in.read(buffer, 0, buffer.length));
      next = 0;
      return filled > 0;
    } catch (IOException e) {
      // The storage throws unchecked exceptions, so this is the compressed content.
      broken = "the compressed data ends too early or is damaged: " + e.getMessage();
      filled = 0;
      next = 0;
      return false;
    }
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
