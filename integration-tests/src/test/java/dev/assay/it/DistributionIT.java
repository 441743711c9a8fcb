package dev.assay.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What lies where in the distribution. */
class DistributionIT {
  private static Set<String> jars(String folder) throws IOException {
    try (Stream<Path> files = Files.list(Assay.home().resolve(folder))) {
      return files
          .map(f -> f.getFileName().toString())
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  @Test
  void nothingThatAClusterHasTravelsToIt() throws IOException {
    List<String> clusters =
        List.of(
            "spark-", "scala-", "hadoop-", "jackson-core", "jackson-databind", "log4j", "slf4j");
    List<String> strangers =
        jars("lib").stream().filter(jar -> clusters.stream().anyMatch(jar::startsWith)).toList();
    assertEquals(List.of(), strangers);
  }

  @Test
  void localModeHasOneVersionOfEachJar() throws IOException {
    Set<String> both = jars("lib");
    both.retainAll(jars("spark"));
    assertEquals(Set.of(), both, "in lib and in spark");
    List<String> names =
        Stream.concat(jars("lib").stream(), jars("spark").stream())
            .map(jar -> jar.replaceFirst("-v?[0-9][0-9.]*([.-](Final|jre|GA|SNAPSHOT))?", ""))
            .toList();
    Set<String> twice =
        names.stream()
            .filter(name -> Collections.frequency(names, name) > 1)
            .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(Set.of(), twice, "in two versions (a former version stays until mvn clean)");
  }

  @Test
  void theEngineIsThere() throws IOException {
    assertTrue(jars("lib").stream().anyMatch(jar -> jar.startsWith("pytorch-native-cpu")));
    assertTrue(jars("spark").stream().anyMatch(jar -> jar.startsWith("spark-sql_")));
  }

  @Test
  void theJvmsOptionsAreFilledIn() throws IOException {
    String options = Files.readString(Assay.home().resolve("conf/jvm.options"));
    assertTrue(options.contains("--add-opens=java.base/java.nio=ALL-UNNAMED"), options);
    assertFalse(options.contains("${"), options);
  }
}
