package dev.assay.job.ingest.unime;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import dev.assay.job.ingest.input.Found;
import dev.assay.job.ingest.input.JsonRow;
import dev.assay.job.ingest.input.RowsOneByOne;
import java.io.IOException;
import java.io.InputStream;
import org.apache.spark.sql.Row;

/**
 * Reads a JSON list entry by entry, whatever its length. Behind broken JSON no entries can be
 * recognized: the last row then has the reason {@link Found#BROKEN_FILE}.
 */
final class UnimeReader extends RowsOneByOne<Row> implements AutoCloseable {
  private final String name;
  private final InputStream in;
  private JsonParser parser;
  private long entries;

  /**
   * @param name of the file, for messages
   */
  UnimeReader(String name, InputStream in) {
    this.name = name;
    this.in = in;
  }

  @Override
  protected Row advance() {
    try {
      if (parser == null) {
        parser = JsonRow.JSON.createParser(in);
      }
      JsonToken token = parser.nextToken();
      if (entries == 0 && token != null && parser.getParsingContext().inRoot()) {
        return broken("not a JSON list");
      }
      if (entries == 0 && token == JsonToken.START_ARRAY && isOutermost()) {
        token = parser.nextToken();
      }
      if (token == null) {
        return broken(entries == 0 ? "not a JSON list" : "the list does not end");
      }
      if (token == JsonToken.END_ARRAY) {
        end();
        return parser.nextToken() == null ? null : broken("there is more after the list");
      }
      int line = parser.currentTokenLocation().getLineNr();
      JsonNode entry = parser.readValueAsTree();
      entries++;
      String source = name + ":" + line + " (entry " + entries + ")";
      return UnimeEntry.row(entry, entries, source);
    } catch (JsonProcessingException e) {
      return broken(JsonRow.firstLine(e.getOriginalMessage()));
    } catch (IOException e) {
      return broken(JsonRow.firstLine(e.getMessage()));
    }
  }

  private boolean isOutermost() {
    return parser.getParsingContext().getParent().inRoot();
  }

  private Row broken(String what) {
    end();
    int line = parser == null ? 1 : parser.currentLocation().getLineNr();
    String detail = "line " + line + ", after " + entries + " entries: " + what;
    return UnimeEntry.unusable(entries + 1, name, Found.BROKEN_FILE, detail);
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
