package dev.assay.cli.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.checkpoint.CheckpointFolder;
import dev.assay.job.failure.SettingsException;
import dev.assay.job.inference.JudgeJobOptions;
import dev.assay.job.ingest.InputFormat;
import dev.assay.job.pipeline.SparkStart;
import dev.assay.train.RerankRows;
import dev.assay.udf.OrderChoice;
import dev.assay.udf.compute.DeviceChoice;
import dev.assay.udf.compute.PrecisionChoice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsTest {
  private static final List<String> MODELS =
      List.of("assay.models.embedder=an-embedder", "assay.models.judge=a-judge");

  @TempDir Path folder;

  @Test
  void hasThePapersValuesWhereNothingIsSet() {
    Settings settings = Settings.read(List.of(), List.of());

    assertEquals(0.01, settings.real("assay.mine.beta"));
    assertEquals(50, settings.count("assay.retrieve.top-k", 1));
    assertEquals("positive", settings.text("assay.retrieve.max-similarity"));
    assertEquals(InputFormat.JSONL, settings.choice("assay.ingest.format", InputFormat.class));
    assertTrue(settings.text("assay.judge.instruction").startsWith("I will provide you with"));
  }

  @Test
  void thePapersTrainingIsTheDefault() {
    Settings defaults = Settings.read(List.of(), MODELS);
    Settings paper = Settings.read(List.of("../conf/paper.conf"), MODELS);

    assertEquals(TrainSettings.embedder(defaults), TrainSettings.embedder(paper));
    assertEquals(TrainSettings.reranker(defaults), TrainSettings.reranker(paper));
    assertEquals(
        RerankRows.defaults().listInstruction(),
        TrainSettings.reranker(defaults).listInstruction());
  }

  @Test
  void aNumberWrittenWithAPointNeedNotBeWhole() {
    Settings settings = Settings.read(List.of(), List.of("assay.train-embedder.clip=0.5"));
    assertEquals(0.5, settings.real("assay.train-embedder.clip"));
  }

  @Test
  void setWinsOverFilesAndTheLastFileOverTheFirst() throws IOException {
    String first = file("first.conf", "assay { mine { beta = 0.1, step = 2, negatives = 3 } }");
    String second = file("second.conf", "assay.mine { beta = 0.2, step = 4 }");

    Settings settings = Settings.read(List.of(first, second), List.of("assay.mine.beta=0.3"));

    assertEquals(0.3, settings.real("assay.mine.beta"));
    assertEquals(4, settings.count("assay.mine.step", 1));
    assertEquals(3, settings.count("assay.mine.negatives", 1));
  }

  @Test
  void ingestHasTheGeneralLimitUnlessItIsGivenItsOwn() {
    String general = "assay.max-quarantined";
    String own = "assay.ingest.max-quarantined";
    assertEquals(0.01, Settings.read(List.of(), List.of()).real(own));

    Settings both = Settings.read(List.of(), List.of(general + "=0.2"));
    assertEquals(0.2, both.real(general));
    assertEquals(0.2, both.real(own));

    Settings one = Settings.read(List.of(), List.of(own + "=0.3"));
    assertEquals(0.01, one.real(general));
    assertEquals(0.3, one.real(own));

    Settings wrong = Settings.read(List.of(), List.of(general + "=7"));
    SettingsException e =
        assertThrows(SettingsException.class, () -> IngestSettings.quarantineLimit(wrong));
    assertEquals("assay.max-quarantined is a share between 0 and 1, not 7.0", e.getMessage());
  }

  @Test
  void takesSetValuesLiterally() {
    String url = "s3a://bucket/a b,c{d}#e=f";

    Settings settings = Settings.read(List.of(), List.of("assay.models.judge=" + url));

    assertEquals(url, settings.text("assay.models.judge"));
  }

  @Test
  void refusesAnUnknownKeyNamingTheNearestAndThePlace() throws IOException {
    String file = file("my.conf", "\nassay { mine { betta = 0.1 } }");

    String message = refused(List.of(file), List.of());
    assertTrue(message.matches("Unknown key assay.mine.betta \\(.*/my.conf: 2\\); .*"), message);
    assertTrue(message.endsWith("the nearest known one is assay.mine.beta"), message);
    assertTrue(refused(List.of(), List.of("mine.beta=1")).endsWith("assay.mine.beta"));
    assertTrue(refused(List.of(), List.of("assay.mine=1")).contains("Unknown key assay.mine "));
    assertTrue(refused(List.of(), List.of("assay.mine.beta.x=1")).contains("assay.mine.beta.x"));
  }

  @Test
  void refusesAValueOfAnotherType() throws IOException {
    assertEquals(
        "assay.mine.beta must be a number, not low (--set assay.mine.beta)",
        refused(List.of(), List.of("assay.mine.beta=low")));
    assertEquals(
        "assay.retrieve.top-k must be a whole number, not 1.5 (--set assay.retrieve.top-k)",
        refused(List.of(), List.of("assay.retrieve.top-k=1.5")));
    String list = file("list.conf", "assay.device = [cpu]");
    assertTrue(refused(List.of(list), List.of()).contains("assay.device must be one value"));
  }

  @Test
  void devicePrecisionAndOrderAreTheirTypesFromTheStart() {
    List<String> set =
        new ArrayList<>(
            List.of("assay.device=gpu", "assay.precision=bfloat16", "assay.judge.order=auto"));
    set.addAll(MODELS);
    JudgeJobOptions judge = InferenceSettings.judge(Settings.read(List.of(), set));
    assertEquals(DeviceChoice.GPU, judge.compute().device());
    assertEquals(PrecisionChoice.BFLOAT16, judge.compute().precision());
    assertEquals(OrderChoice.AUTO, judge.order());

    Settings wrong = Settings.read(List.of(), List.of("assay.device=tpu"));
    SettingsException e =
        assertThrows(SettingsException.class, () -> InferenceSettings.device(wrong));
    assertEquals("assay.device must be one of auto, cpu, gpu, not tpu", e.getMessage());
  }

  @Test
  void refusesAWordThatIsNoChoice() {
    Settings settings = Settings.read(List.of(), List.of("assay.ingest.format=csv"));

    SettingsException e =
        assertThrows(
            SettingsException.class,
            () -> settings.choice("assay.ingest.format", InputFormat.class));
    assertEquals(
        "assay.ingest.format must be one of jsonl, unime-v2, mmeb-train, mmeb-eval, sugarcrepe,"
            + " not csv",
        e.getMessage());
  }

  @Test
  void refusesFilesThatAreMissingOrBroken() throws IOException {
    assertTrue(refused(List.of("/nowhere/a.conf"), List.of()).contains("/nowhere/a.conf"));
    String broken = file("broken.conf", "assay {");
    String message = refused(List.of(broken), List.of());
    assertTrue(message.contains("broken.conf"), message);
    assertEquals(1, message.lines().count());
  }

  @Test
  void refusesASettingWithoutAValue() {
    assertTrue(refused(List.of(), List.of("assay.mine.beta")).contains("KEY=VALUE"));
  }

  @Test
  void handsSparksSettingsOnByTheirOwnNames() throws IOException {
    String file =
        file("spark.conf", "assay.spark { \"speculation\" = true, executor.memory = 4g }");

    Settings settings =
        Settings.read(List.of(file), List.of("assay.spark.sql.shuffle.partitions=7"));

    assertEquals("true", settings.spark().get("spark.speculation"));
    assertEquals("4g", settings.spark().get("spark.executor.memory"));
    assertEquals("7", settings.spark().get("spark.sql.shuffle.partitions"));
  }

  @Test
  void rehashReachesEveryReaderOfModelsThroughHadoopsConfiguration() {
    String key = "assay.models.rehash";
    String hadoop = "spark.hadoop." + key;
    assertEquals(null, SparkSettings.of(Settings.read(List.of(), List.of())).get(hadoop));
    Settings set = Settings.read(List.of(), List.of(key + "=true"));
    assertEquals("true", SparkSettings.of(set).get(hadoop));
    assertEquals(
        "64", SparkSettings.of(set).get("spark.hadoop." + CheckpointFolder.CACHE_GIGABYTES));
    SparkStart start = new SparkStart(null, SparkSettings.of(set));
    assertTrue(start.hadoop().getBoolean(CheckpointFolder.REHASH, false));
  }

  private String file(String name, String content) throws IOException {
    return Files.writeString(folder.resolve(name), content).toString();
  }

  private static String refused(List<String> files, List<String> assignments) {
    return assertThrows(SettingsException.class, () -> Settings.read(files, assignments))
        .getMessage();
  }
}
