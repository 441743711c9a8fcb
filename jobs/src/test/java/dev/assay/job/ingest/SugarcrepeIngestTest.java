package dev.assay.job.ingest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.job.failure.JobFailedException;
import dev.assay.job.failure.SettingsException;
import dev.assay.job.ingest.input.ContentId;
import dev.assay.job.workspace.Tables;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SugarcrepeIngestTest {
  private static final String ENTRY =
      """
      {"filename": "dot.png", "caption": "a red dot", "negative_caption": "a blue dot"}\
      """;

  @TempDir Path folder;
  private Inputs inputs;

  @BeforeEach
  void image() {
    inputs = new Inputs(folder).bytes("in/images/dot.png", Inputs.PNG);
  }

  @Test
  void anImageIsAQueryWithATrueAndAFalseCaption() {
    inputs
        .file("in/add_att.json", "{\"0\": " + ENTRY + ",", "\"1\": " + ENTRY + "}")
        .file("in/swap_obj.json", "{\"0\": " + ENTRY + "}")
        .file("in/unknown.json", "[]");

    assertEquals("3 queries, 4 candidates, 3 positives, 6 choices; 0 quarantined", ingest());

    String right = "/" + ContentId.of("a red dot", null);
    String wrong = "/" + ContentId.of("a blue dot", null);
    assertEquals(
        Stream.of("add_att/0,add_att", "add_att/1,add_att", "swap_obj/0,swap_obj")
            .flatMap(at -> Stream.of("[" + at + right + ",0]", "[" + at + wrong + ",1]"))
            .sorted()
            .toList(),
        inputs.rows(Tables.CHOICES));
    assertEquals("dot.png", inputs.column(Tables.QUERIES, "swap_obj/0", "image"));
    assertEquals("swap_obj", inputs.column(Tables.QUERIES, "swap_obj/0", "dataset"));
  }

  @Test
  void setsBrokenEntriesAside() {
    String captionless = ENTRY.replace("negative_caption", "caption2");
    inputs.file(
        "in/add_obj.json", "{\"0\": " + ENTRY + ", \"1\": " + captionless + ", \"2\": [7]}");

    ingest();

    assertEquals(
        List.of("broken_entry  add_obj.json entry 1", "broken_json  add_obj.json entry 2"),
        inputs.quarantined());
    assertEquals(2, inputs.workspace.read(Tables.CHOICES).count());
  }

  @Test
  void stopsAtBrokenJsonNamingFileAndLine() {
    for (String broken : List.of("{\"0\": " + ENTRY, "[]", "", "{\"0\": " + ENTRY + "} 3", "{,")) {
      inputs.file("in/swap_att.json", broken);

      JobFailedException e = assertThrows(JobFailedException.class, this::ingest, broken);

      assertTrue(
          e.getMessage().matches("Cannot ingest swap_att.json:\\d+: line \\d+, after .*"),
          e::getMessage);
      assertFalse(inputs.workspace.has(Tables.QUERIES));
    }
  }

  @Test
  void refusesAFolderWithoutItsFiles() {
    SettingsException e = assertThrows(SettingsException.class, this::ingest);
    assertTrue(e.getMessage().contains("none of add_att.json, "), e.getMessage());
  }

  private String ingest() {
    return inputs.ingest(InputFormat.SUGARCREPE, "in", 1).result().summary();
  }
}
