package dev.assay.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Numbers and words are the same in every locale. */
class LocaleTest {
  private static final List<Path> SOURCES =
      List.of(Path.of("src/main/java"), Path.of("../udfs/src/main/java"));

  /** Each is followed by its locale, which must be the root. */
  private static final Pattern FORMAT =
      Pattern.compile(
          "(?:String\\.format|\\.printf|\\.toLowerCase|\\.toUpperCase)\\(\\s*+(?!(?:java\\.util\\.)?Locale)");

  /** It takes no locale, and so must not format numbers. */
  private static final Pattern FORMATTED = Pattern.compile("\\.formatted\\(");

  private static final Pattern NUMBER = Pattern.compile("%[-#+ 0,(\\d.]*[doxXeEfgGaA]");

  @Test
  void formattingAndChangeOfCaseNameTheRootLocale() throws IOException {
    assertEquals(List.of(), found(LocaleTest::withoutLocale));
  }

  @Test
  void theRuleFindsWhatItForbids() {
    assertEquals(1, withoutLocale("String.format(\"%d\", 1)").size());
    assertEquals(1, withoutLocale("out.printf(\n    \"x\")").size());
    assertEquals(1, withoutLocale("name().toLowerCase()").size());
    assertEquals(1, withoutLocale("a = 1; b(\"%,.1f of %s\"\n  .formatted(2.0, c));").size());
    assertEquals(0, withoutLocale("String.format(Locale.ROOT, \"%d\", 1)").size());
    assertEquals(0, withoutLocale("String.format(\n    Locale.ROOT, \"%d\", 1)").size());
    assertEquals(0, withoutLocale("a(\"%d\"); b(\"%s\".formatted(c));").size());
  }

  private static List<String> withoutLocale(String source) {
    List<String> found = new ArrayList<>();
    Matcher format = FORMAT.matcher(source);
    while (format.find()) {
      found.add(format.group());
    }
    Matcher formatted = FORMATTED.matcher(source);
    while (formatted.find()) {
      String before = source.substring(0, formatted.start());
      String statement =
          before.substring(Math.max(before.lastIndexOf(';'), before.lastIndexOf('{')) + 1);
      if (NUMBER.matcher(statement).find()) {
        found.add(statement.strip() + formatted.group());
      }
    }
    return found;
  }

  private interface Rule {
    List<String> violations(String source);
  }

  private static List<String> found(Rule rule) throws IOException {
    List<String> found = new ArrayList<>();
    for (Path folder : SOURCES) {
      try (Stream<Path> files = Files.walk(folder)) {
        List<Path> sources = files.filter(f -> f.toString().endsWith(".java")).toList();
        assertTrue(sources.size() > 50, folder + " has " + sources.size() + " files");
        for (Path file : sources) {
          rule.violations(Files.readString(file)).forEach(v -> found.add(file + ": " + v));
        }
      }
    }
    return found;
  }
}
