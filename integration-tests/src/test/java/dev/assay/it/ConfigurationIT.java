package dev.assay.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is said about settings, outside the program, is what the program knows. */
class ConfigurationIT {
  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"local.conf", "cluster.conf", "paper.conf"})
  void everyKeyOfTheFilesInConfIsKnown(String file) {
    Path conf = Assay.home().resolve("conf").resolve(file);
    // Settings are checked before tables, of which there are none.
    Expect.refused(
        Assay.built().run("mine", "--workspace", folder.toString(), "--config", conf.toString()),
        "Cannot read table");
  }

  @Test
  void everyKeyIsDocumented() throws IOException {
    String page = Files.readString(Path.of("../src/site/configuration.md"));
    List<String> undocumented =
        ConfigFactory.parseResources("reference.conf").withOnlyPath("assay").entrySet().stream()
            .map(entry -> "`" + entry.getKey() + "`")
            .filter(key -> !page.contains(key))
            .toList();
    assertEquals(List.of(), undocumented);
  }
}
