package dev.assay.architecture;

import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** No build runs the benchmarks, so a change could break them without a word. */
class BenchmarksTest {
  @Test
  void theSourcesOfAllBenchmarksCompile(@TempDir Path classes) throws IOException {
    List<Path> sources;
    try (Stream<Path> files = Files.walk(Path.of("../src/benchmarks"))) {
      sources =
          files
              .filter(file -> file.toString().endsWith(".java"))
              .sorted(Comparator.naturalOrder())
              .toList();
    }
    assertNotEquals(List.of(), sources);

    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(found, null, null)) {
      List<String> options = List.of("-proc:none", "-d", classes.toString());
      boolean compiled =
          compiler
              .getTask(
                  null, files, found, options, null, files.getJavaFileObjectsFromPaths(sources))
              .call();
      assertTrue(compiled, () -> found.getDiagnostics().toString());
    }
  }
}
