package dev.assay.job.ingest;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Row;

/** Reads parts of a file and parses their lines, one at a time. Blank lines are passed over. */
final class LinesToRows implements Iterator<Row> {
  /** Turns a line into a row; a line that cannot be used becomes a row that says so. */
  interface Parser extends Serializable {
    Row parse(LineReader.Line line, String source);
  }

  private final Iterator<LineSplit> splits;
  private final Parser parser;
  private final Configuration hadoop;
  private LineReader reader;
  private String file;
  private Row next;

  LinesToRows(Iterator<LineSplit> splits, Parser parser, Configuration hadoop) {
    this.splits = splits;
    this.parser = parser;
    this.hadoop = hadoop;
  }

  @Override
  public boolean hasNext() {
    try {
      while (next == null && (reader != null || splits.hasNext())) {
        advance();
      }
      return next != null;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Row next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    Row row = next;
    next = null;
    return row;
  }

  private void advance() throws IOException {
    if (reader == null) {
      LineSplit split = splits.next();
      file = new Path(split.file()).getName();
      reader = new LineReader(split, hadoop);
    }
    if (!reader.hasNext()) {
      reader.close();
      reader = null;
      return;
    }
    LineReader.Line line = reader.next();
    if (!isBlank(line.bytes())) {
      next = parser.parse(line, file + ":" + line.number());
    }
  }

  private static boolean isBlank(byte[] line) {
    if (line == null) {
      return false;
    }
    for (byte b : line) {
      if (b != ' ' && b != '\t' && b != '\r') {
        return false;
      }
    }
    return true;
  }
}
