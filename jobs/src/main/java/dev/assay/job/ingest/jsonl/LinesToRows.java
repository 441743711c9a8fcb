package dev.assay.job.ingest.jsonl;

import dev.assay.job.ingest.input.RowsOneByOne;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Iterator;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** Reads parts of a file and parses their lines one at a time. Skips blank lines. */
final class LinesToRows<T> extends RowsOneByOne<T> {
  /** Turns a line into a row; a line that cannot be used becomes a row that says so. */
  interface Parser<T> extends Serializable {
    T parse(LineReader.Line line, String source);
  }

  /** Of UTF-8. The JSON parser passes over it as well. */
  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

  private final Iterator<LineSplit> splits;
  private final Parser<T> parser;
  private final Configuration hadoop;
  private LineReader reader;
  private String file;

  LinesToRows(Iterator<LineSplit> splits, Parser<T> parser, Configuration hadoop) {
    this.splits = splits;
    this.parser = parser;
    this.hadoop = hadoop;
  }

  @Override
  protected T advance() {
    try {
      T next = null;
      while (next == null && (reader != null || splits.hasNext())) {
        next = read();
      }
      return next;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The row of the next line; null for a blank one, and where a part ends. */
  private T read() throws IOException {
    if (reader == null) {
      LineSplit split = splits.next();
      file = new Path(split.file()).getName();
      reader = new LineReader(split, hadoop);
    }
    if (!reader.hasNext()) {
      reader.close();
      reader = null;
      return null;
    }
    LineReader.Line line = reader.next();
    return isBlank(line.bytes()) ? null : parser.parse(line, file + ":" + line.number());
  }

  private static boolean isBlank(byte[] line) {
    if (line == null) {
      return false;
    }
    for (int i = startsWithMark(line) ? BYTE_ORDER_MARK.length : 0; i < line.length; i++) {
      byte b = line[i];
      if (b != ' ' && b != '\t' && b != '\r') {
        return false;
      }
    }
    return true;
  }

  private static boolean startsWithMark(byte[] line) {
    return Arrays.mismatch(line, BYTE_ORDER_MARK) >= BYTE_ORDER_MARK.length
        || Arrays.equals(line, BYTE_ORDER_MARK);
  }
}
