package dev.assay.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.it.Assay.Run;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** {@code assay demo}, on fewer scenes than a user's. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DemoIT {
  private static final Pattern LIST_QUALITY =
      Pattern.compile("^  (\\S.*?)  +[\\d,]+  +[\\d,]+  +([\\d.]+) %  +([\\d.-]+)  +.*$");

  private Path workspace;
  private Run first;

  @BeforeAll
  void runsOnce(@TempDir Path temporary) {
    workspace = temporary.resolve("demo");
    first = Expect.done(demo());
    System.out.printf("assay demo: %.1f s%n%s", first.took().toMillis() / 1e3, first.out());
  }

  private Run demo() {
    return Assay.built()
        .run(
            "demo",
            "--workspace",
            workspace.toString(),
            "--set",
            "assay.demo.queries=30",
            "--set",
            "assay.demo.candidates=300",
            "--set",
            "assay.train-embedder.steps=10",
            "--set",
            "assay.train-reranker.steps=5");
  }

  @Test
  void printsEachStageTheJudgeAndTheNegatives() {
    for (String title : List.of("What was done", "What the judge knows", "What that is worth")) {
      assertTrue(first.out().contains(title), first::toString);
    }
  }

  @Test
  void theJudgeKeepsWrongNegativesOut() {
    Map<String, Double> wrong = new TreeMap<>();
    first
        .out()
        .lines()
        .map(LIST_QUALITY::matcher)
        .filter(Matcher::matches)
        .forEach(line -> wrong.put(line.group(1), Double.parseDouble(line.group(2))));
    double mined = wrong.get("mined with the judge");
    double nearest = wrong.get("top 10 by similarity");
    assertTrue(nearest > 0, wrong::toString);
    assertTrue(mined <= nearest / 5, wrong::toString);
  }

  @Test
  void drawsAContactSheetAndKeepsTheReport() throws IOException {
    BufferedImage sheet = ImageIO.read(workspace.resolve("demo/contact-sheet.png").toFile());
    assertTrue(sheet.getWidth() > 10 * 112, "ten pictures a row");
    String report = Files.readString(workspace.resolve("demo/report.txt"));
    assertTrue(first.out().contains(report), report);
  }

  @Test
  void trainsAndEvaluatesOnScenesNeverSeen() {
    for (String model : List.of("embedder", "reranker")) {
      assertTrue(Files.exists(workspace.resolve("models/" + model + "/learning-curve.png")), model);
    }
    assertTrue(first.out().contains("From query to candidate"), first::toString);
    assertTrue(
        first.out().contains("evaluate: base, trained, reranked on 90 queries of 3 datasets"),
        first::toString);
  }

  @Test
  void runAgainDoesNothingTwice() {
    Run again = Expect.done(demo());
    for (String job :
        List.of(
            "scenes",
            "ingest",
            "embed",
            "retrieve",
            "judge",
            "mine",
            "train-embedder",
            "train-reranker",
            "evaluate")) {
      assertTrue(again.out().contains(job + ": up to date"), again::toString);
    }
    assertEquals(findings(first), findings(again));
  }

  private static String findings(Run run) {
    return run.out()
        .substring(run.out().indexOf("What the judge knows"), run.out().indexOf("\ndemo: "));
  }
}
