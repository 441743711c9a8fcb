package dev.assay.job.ingest.input;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.job.failure.SettingsException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EncodingTest {
  private final Configuration hadoop = new Configuration();
  @TempDir Path folder;

  @Test
  void knowsUtf16AndUtf32WithAndWithoutAByteOrderMark() {
    for (String name : new String[] {"UTF-16LE", "UTF-16BE", "UTF-32LE", "UTF-32BE"}) {
      for (String text : new String[] {"{\"query_id\": \"é\"}", "\n{}", "\ufeff{\"a\": 1}", "[]"}) {
        byte[] bytes = text.getBytes(Charset.forName(name));
        assertEquals(Optional.of(name), Encoding.other(bytes), name + " " + text);
      }
    }
  }

  @Test
  void takesAnythingElseForUtf8() {
    for (String text :
        new String[] {"", "{", "{}", "{\"a\": 1}", "\ufeff{\"a\": 1}", "\n\n{}", "é"}) {
      assertEquals(Optional.empty(), Encoding.other(text.getBytes(StandardCharsets.UTF_8)), text);
    }
  }

  @Test
  void refusesAFileNamingItsEncodingAndTheWayOut() throws IOException {
    String message = refused("queries.jsonl", "{\"a\": 1}\n".getBytes(StandardCharsets.UTF_16LE));
    assertTrue(
        message.endsWith("it is UTF-16LE, not UTF-8; convert it: iconv -f UTF-16LE -t UTF-8"),
        message);
  }

  @Test
  void looksInsideCompressedFiles() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write("{\"a\": 1}\n".getBytes(StandardCharsets.UTF_16BE));
    }
    String message = refused("queries.jsonl.gz", bytes.toByteArray());
    assertTrue(message.contains("it is UTF-16BE, not UTF-8"), message);
  }

  @Test
  void acceptsUtf8WithAByteOrderMark() throws IOException {
    Path file = Files.writeString(folder.resolve("queries.jsonl"), "\ufeff{\"a\": 1}\n");
    assertDoesNotThrow(() -> Encoding.requireUtf8(hadoopPath(file), hadoop));
  }

  private String refused(String name, byte[] content) throws IOException {
    Path file = Files.write(folder.resolve(name), content);
    return assertThrows(
            SettingsException.class, () -> Encoding.requireUtf8(hadoopPath(file), hadoop))
        .getMessage();
  }

  private static org.apache.hadoop.fs.Path hadoopPath(Path file) {
    return new org.apache.hadoop.fs.Path(file.toUri());
  }
}
