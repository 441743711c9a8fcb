package dev.assay.job.ingest;

import dev.assay.job.JobRunner;
import dev.assay.job.QuarantineLimit;
import dev.assay.job.TestSpark;
import dev.assay.job.estimate.CostEstimate;
import dev.assay.job.ingest.images.ImageHashes;
import dev.assay.job.ingest.pack.PackImages;
import dev.assay.job.workspace.Tables;
import dev.assay.job.workspace.Workspace;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Small inputs for ingest, and what became of them. */
final class Inputs {
  /** One red pixel. */
  static final byte[] PNG =
      Base64.getDecoder()
          .decode(
              "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSu"
                  + "QmCC");

  private final SparkSession spark = TestSpark.session();
  private final Path folder;
  final Workspace workspace;
  ImageHashes hashes = new ImageHashes(20_000, false);
  PackImages packs = PackImages.NO;
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

  Inputs(Path folder) {
    this.folder = folder;
    this.workspace = Workspace.open(spark, folder.resolve("workspace").toString());
  }

  Path folder() {
    return folder;
  }

  Inputs file(String name, String... lines) {
    return bytes(name, (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8));
  }

  Inputs bytes(String name, byte[] content) {
    try {
      Path file = folder.resolve(name);
      Files.createDirectories(file.getParent());
      Files.write(file, content);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  JobRunner.Outcome ingest(InputFormat format, String input, double maxQuarantined) {
    return ingest(format, input, maxQuarantined, 16_384);
  }

  JobRunner.Outcome ingest(
      InputFormat format, String input, double maxQuarantined, int maxTextBytes) {
    return ingest(format, input, "", maxQuarantined, maxTextBytes);
  }

  JobRunner.Outcome ingest(
      InputFormat format, String input, String split, double maxQuarantined, int maxTextBytes) {
    return ingestFrom(
        format, folder.resolve(input).toString(), split, maxQuarantined, maxTextBytes);
  }

  /** Ingests from a path or URI that need not lie in the folder. */
  JobRunner.Outcome ingestFrom(
      InputFormat format, String from, String split, double maxQuarantined, int maxTextBytes) {
    return runner().run(job(format, from, split, maxQuarantined, maxTextBytes));
  }

  /** What a dry run tells, by the word before it. Empty if nothing would be done. */
  Map<String, String> estimate(InputFormat format, String from) {
    return runner()
        .estimate(job(format, from, "", 0, 16_384), OptionalDouble.empty())
        .map(CostEstimate::lines)
        .orElse(List.of())
        .stream()
        .collect(Collectors.toMap(CostEstimate.Line::what, CostEstimate.Line::text));
  }

  private JobRunner runner() {
    PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);
    return new JobRunner(spark, workspace, out, out);
  }

  private IngestJob job(
      InputFormat format, String from, String split, double maxQuarantined, int maxTextBytes) {
    return new IngestJob(
        new IngestOptions(
            format,
            from,
            split,
            "",
            new QuarantineLimit("assay.ingest.max-quarantined", maxQuarantined),
            maxTextBytes,
            hashes,
            packs));
  }

  /** A table's rows in words, sorted. */
  List<String> rows(String table) {
    return workspace.read(table).collectAsList().stream().map(Row::toString).sorted().toList();
  }

  /** What was set aside: reason, id and place, sorted. */
  List<String> quarantined() {
    return workspace
        .read(Tables.QUARANTINE)
        .select(Tables.REASON, Tables.ID, Tables.SOURCE)
        .collectAsList()
        .stream()
        .map(row -> row.get(0) + " " + row.get(1) + " " + row.get(2))
        .sorted()
        .toList();
  }

  String column(String table, String id, String column) {
    return workspace
        .read(table)
        .where(workspace.read(table).columns()[0] + " = '" + id + "'")
        .first()
        .getAs(column);
  }
}
