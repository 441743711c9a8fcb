package dev.assay.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.cli.settings.Reference;
import dev.assay.cli.settings.Reference.Setting;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class JobHelpTest {
  @Test
  void everySettingHasAMeaning() {
    List<String> without =
        Reference.settings().stream().filter(s -> s.meaning().isEmpty()).map(Setting::key).toList();
    assertEquals(List.of(), without);
  }

  @Test
  void everySettingIsInTheHelpOfTheDemoWhichRunsEverything() {
    Set<String> read = JobHelp.keysRead(JobName.DEMO);
    List<String> unread =
        Reference.settings().stream().map(Setting::key).filter(key -> !read.contains(key)).toList();
    assertEquals(List.of(), unread);
  }

  @Test
  void aJobsHelpHasEverySettingThatItReads() {
    String help = help(JobName.EVALUATE);
    assertTrue(help.contains("  assay.evaluate.depth = 100\n"), help);
    assertTrue(help.contains("  assay.embed.batch-size = 32\n"), help);
    assertTrue(help.contains("  assay.max-quarantined = 0.01\n"), help);
    assertFalse(help.contains("assay.mine."), help);
  }

  @Test
  void aDefaultThatIsAnotherSettingNamesIt() {
    String help = help(JobName.TRAIN_RERANKER);
    assertTrue(help.contains("  assay.train-reranker.model = ${assay.models.judge}\n"), help);
    assertTrue(help.contains("  assay.train-reranker.learning-rate = 2e-5\n"), help);
  }

  @Test
  void theDemosHelpHasTheDemosDefaults() {
    assertTrue(help(JobName.RUN).contains("  assay.device = auto\n"));
    assertTrue(help(JobName.DEMO).contains("  assay.device = cpu\n"));
  }

  @Test
  void everyJobHasHelpOnLinesOfAReadableWidth() {
    for (JobName job : JobName.values()) {
      String help = help(job);
      assertTrue(help.startsWith("assay " + job.word() + ": "), help);
      help.lines()
          .filter(line -> line.startsWith("      "))
          .forEach(line -> assertTrue(line.length() <= 96, line));
    }
  }

  private static String help(JobName job) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    JobHelp.print(job, new PrintStream(out, true, StandardCharsets.UTF_8));
    return out.toString(StandardCharsets.UTF_8);
  }
}
