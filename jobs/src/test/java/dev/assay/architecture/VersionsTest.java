package dev.assay.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.assay.embed.ItemEmbedder;
import dev.assay.item.Sha256;
import dev.assay.job.mine.MineJob;
import dev.assay.job.retrieve.RetrieveJob;
import dev.assay.job.train.TrainEmbedderJob;
import dev.assay.judge.PairJudge;
import dev.assay.rerank.ListReranker;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Reminds whoever changes a computation of its version number. Stored results are taken for right
 * as long as that number stays, so it must be raised whenever the same input can give another
 * result.
 */
class VersionsTest {
  private static final Path UDFS = Path.of("../udfs/src/main");
  private static final Path JOBS = Path.of("src/main/java/dev/assay/job");

  /** What goes into every prompt and through every model. */
  private static final List<String> MODEL =
      List.of("item", "image", "prompt", "checkpoint", "kernels", "model");

  /** A computation whose results are stored, and the packages that it is made of. */
  private enum Computation {
    EMBEDDING(ItemEmbedder.VERSION, with(MODEL, "embed"), List.of()),
    JUDGING(PairJudge.VERSION, with(MODEL, "judge"), List.of()),
    RANKING(ListReranker.VERSION, with(MODEL, "rerank"), List.of()),
    RETRIEVING(
        new RetrieveJob(null).version(), List.of("retrieval"), List.of("retrieve", "search")),
    MINING(new MineJob(null).version(), List.of(), List.of("mine")),
    TRAINING(TrainEmbedderJob.VERSION, with(MODEL, "train"), List.of("train"));

    private final int version;
    private final List<String> udfs;
    private final List<String> jobs;

    Computation(int version, List<String> udfs, List<String> jobs) {
      this.version = version;
      this.udfs = udfs;
      this.jobs = jobs;
    }

    /** Its version and a digest of its sources, as the file of recorded versions has it. */
    String state() throws IOException {
      Sha256 digest = new Sha256();
      for (String name : udfs) {
        add(digest, UDFS.resolve("java/dev/assay").resolve(name));
        add(digest, UDFS.resolve("resources/dev/assay").resolve(name));
      }
      for (String name : jobs) {
        add(digest, JOBS.resolve(name));
      }
      return version + " " + digest.hex().substring(0, 16);
    }

    private static List<String> with(List<String> packages, String another) {
      List<String> all = new ArrayList<>(packages);
      all.add(another);
      return all;
    }
  }

  @ParameterizedTest
  @EnumSource
  void aChangedComputationHasAnotherVersionOrTheSameResults(Computation computation)
      throws IOException {
    String name = computation.name().toLowerCase(Locale.ROOT);
    assertEquals(
        recorded().getProperty(name),
        computation.state(),
        () ->
            "The sources of "
                + name
                + " changed. If the same input can give another result, raise its version."
                + " Then record the new state in versions.properties");
  }

  private static Properties recorded() throws IOException {
    Properties recorded = new Properties();
    try (InputStream in = VersionsTest.class.getResourceAsStream("versions.properties")) {
      recorded.load(in);
    }
    return recorded;
  }

  private static void add(Sha256 digest, Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        digest.add(code(file).getBytes(StandardCharsets.UTF_8));
      }
    }
  }

  /** Without what changes no result: comments, imports and white space. */
  private static String code(Path file) throws IOException {
    StringBuilder code = new StringBuilder();
    boolean comment = false;
    for (String line : Files.readAllLines(file)) {
      String words = line.strip();
      comment |= words.startsWith("/*");
      if (!comment && !words.matches("(//|#|import |package ).*")) {
        code.append(words.replaceAll("\\s+", ""));
      }
      comment &= !words.endsWith("*/");
    }
    return code.toString();
  }
}
