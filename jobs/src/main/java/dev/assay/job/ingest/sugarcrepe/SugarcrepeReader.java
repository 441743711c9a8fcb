package dev.assay.job.ingest.sugarcrepe;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import dev.assay.item.BadItemException;
import dev.assay.job.ingest.input.ChoiceEntry;
import dev.assay.job.ingest.input.Found;
import dev.assay.job.ingest.input.JsonRow;
import dev.assay.job.ingest.input.RowsOneByOne;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.apache.spark.sql.Row;

/**
 * Reads a file of SugarCrepe, {@code {"0": {"filename": …, "caption": …, "negative_caption": …},
 * …}}, entry by entry, as {@link ChoiceEntry}s. The last row has the reason {@link
 * Found#BROKEN_FILE} if the JSON ends too early or is not an object.
 */
final class SugarcrepeReader extends RowsOneByOne<Row> implements AutoCloseable {
  private static final long MOST_ENTRIES = 1L << 40;

  private final String name;
  private final String dataset;
  private final long first;
  private final InputStream in;
  private JsonParser parser;
  private long entries;

  /**
   * @param name of the file; without its ending it is the dataset
   * @param file its place among the files, from 0
   */
  SugarcrepeReader(String name, int file, InputStream in) {
    this.name = name;
    this.dataset = name.replaceFirst("\\.json$", "");
    this.first = file * MOST_ENTRIES;
    this.in = in;
  }

  @Override
  protected Row advance() {
    try {
      if (parser == null) {
        parser = JsonRow.JSON.createParser(in);
      }
      JsonToken token = parser.nextToken();
      if (entries == 0 && token == JsonToken.START_OBJECT) {
        token = parser.nextToken();
      } else if (entries == 0) {
        return broken("not a JSON object");
      }
      if (token == JsonToken.END_OBJECT) {
        end();
        return parser.nextToken() == null ? null : broken("there is more after the object");
      }
      if (token != JsonToken.FIELD_NAME) {
        return broken("the object does not end");
      }
      String key = parser.currentName();
      parser.nextToken();
      JsonNode value = parser.readValueAsTree();
      entries++;
      return entry(key, value);
    } catch (IOException e) {
      return broken(JsonRow.firstLine(e.getMessage()));
    }
  }

  private Row entry(String key, JsonNode value) {
    String source = name + " entry " + key;
    try {
      JsonRow row = JsonRow.of(value);
      Row query = ChoiceEntry.named(dataset + "/" + key, null, required(row, "filename"));
      List<Row> captions =
          List.of(
              ChoiceEntry.byContent(dataset, required(row, "caption"), null),
              ChoiceEntry.byContent(dataset, required(row, "negative_caption"), null));
      return ChoiceEntry.of(first + entries, source, dataset, query, captions);
    } catch (BadItemException e) {
      return ChoiceEntry.unusable(first + entries, source, e.reason(), e.detail());
    }
  }

  private static String required(JsonRow row, String field) {
    String text = row.text(field);
    if (text == null) {
      throw new BadItemException("broken_entry", "no " + field);
    }
    return text;
  }

  private Row broken(String what) {
    end();
    int line = parser == null ? 1 : parser.currentLocation().getLineNr();
    String detail = "line " + line + ", after " + entries + " entries: " + what;
    return ChoiceEntry.unusable(first + entries + 1, name + ":" + line, Found.BROKEN_FILE, detail);
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
