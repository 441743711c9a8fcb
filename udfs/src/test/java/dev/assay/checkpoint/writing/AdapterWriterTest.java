package dev.assay.checkpoint.writing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.assay.Fixtures;
import dev.assay.checkpoint.AdapterBase;
import dev.assay.checkpoint.CheckpointException;
import dev.assay.checkpoint.CheckpointFolder;
import dev.assay.checkpoint.adapter.AdapterFolders;
import dev.assay.checkpoint.adapter.LoraConfig;
import dev.assay.checkpoint.adapter.PeftAdapter;
import dev.assay.checkpoint.adapter.TargetModules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is written is what PEFT writes, held against a folder that it saved. */
class AdapterWriterTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path temp;

  private final PeftAdapter pefts = open(Fixtures.path("qwen2-vl-peft"));

  @Test
  void theTensorsAreByteForByteThoseOfPeft() throws IOException {
    write(pefts.config(), AdapterFolders.tensors(pefts));

    assertArrayEquals(
        Files.readAllBytes(Fixtures.path("qwen2-vl-peft").resolve(PeftAdapter.TENSORS)),
        Files.readAllBytes(folder().resolve(PeftAdapter.TENSORS)));
  }

  @Test
  void theConfigurationSaysWhatPeftsSays() throws IOException {
    write(pefts.config(), AdapterFolders.tensors(pefts));

    JsonNode theirs = json(Fixtures.path("qwen2-vl-peft"), AdapterBase.PEFT_FILE);
    JsonNode ours = json(folder(), AdapterBase.PEFT_FILE);
    for (Map.Entry<String, JsonNode> entry : ours.properties()) {
      JsonNode expected = theirs.get(entry.getKey());
      if (entry.getKey().equals("base_model_name_or_path")) {
        assertEquals(Fixtures.path("qwen2-vl").toString(), entry.getValue().asText());
      } else {
        assertEquals(expected, entry.getValue(), entry.getKey());
      }
    }
    assertTrue(ours.size() >= 10, ours::toString);
  }

  @Test
  void whatIsWrittenIsReadAgain() {
    LoraConfig config =
        new LoraConfig(4, 2.5, 0, TargetModules.matching(".*_proj"), true); // also up and gate

    write(config, AdapterFolders.tensors(pefts));
    PeftAdapter read = open(folder());

    assertEquals(pefts.modules(), read.modules());
    assertEquals(4, read.config().rank());
    assertEquals(2.5, read.config().alpha());
    assertTrue(read.config().rankStabilized());
    for (String name : pefts.tensors().names()) {
      assertArrayEquals(pefts.tensors().values(name), read.tensors().values(name), name);
    }
    assertTrue(AdapterFolders.open(folder()).adapter().isPresent());
  }

  @Test
  void targetsThatPeftWouldReadOtherwiseAreSpeltOut() throws IOException {
    String released = "model\\.layers\\.\\d+\\.(self_attn\\.[qkvo]|mlp\\.down)_proj";

    write(withTargets(TargetModules.matching(released)), AdapterFolders.tensors(pefts));
    JsonNode spelt = json(folder(), AdapterBase.PEFT_FILE).get("target_modules");
    assertEquals(15, spelt.size());
    assertEquals("model.language_model.layers.0.mlp.down_proj", spelt.get(0).asText());

    String nested = released.replace("model\\.", "model\\.language_model\\.");
    write(withTargets(TargetModules.matching(nested)), AdapterFolders.tensors(pefts));
    assertEquals(nested, json(folder(), AdapterBase.PEFT_FILE).get("target_modules").asText());
  }

  @Test
  void replacesAnAdapterOfTheSameNameAndLeavesNothingElse() throws IOException {
    write(pefts.config(), AdapterFolders.tensors(pefts));
    Files.writeString(folder().resolve("old"), "");
    write(pefts.config(), AdapterFolders.tensors(pefts));

    try (Stream<Path> files = Files.walk(temp)) {
      assertEquals(
          List.of("", "a", "a/adapter_config.json", "a/adapter_model.safetensors", "a/assay.json"),
          files.map(f -> temp.relativize(f).toString()).sorted().toList());
    }
  }

  @Test
  void aFailureLeavesTheOldOneAsItWas() throws IOException {
    write(pefts.config(), AdapterFolders.tensors(pefts));
    byte[] before = Files.readAllBytes(folder().resolve(PeftAdapter.TENSORS));
    List<NamedTensor> bad =
        AdapterFolders.tensors(pefts).stream()
            .map(t -> NamedTensor.of(t.name(), t.shape(), filled(t, Float.NaN)))
            .toList();

    CheckpointException refusal =
        assertThrows(CheckpointException.class, () -> write(pefts.config(), bad));

    assertTrue(refusal.getMessage().contains("NaN is not finite in F32"), refusal.getMessage());
    assertArrayEquals(before, Files.readAllBytes(folder().resolve(PeftAdapter.TENSORS)));
    try (Stream<Path> files = Files.list(temp)) {
      assertEquals(List.of(folder()), files.toList());
    }
  }

  @Test
  void refusesTensorsOfTheWrongShape() {
    List<NamedTensor> all = AdapterFolders.tensors(pefts);
    assertRefused("lora_B.weight is missing", pefts.config(), all.subList(0, 1));
    assertRefused("should be [5, 96]", withRank(5), all);
    NamedTensor norm = NamedTensor.of("model.norm.weight", List.of(64L), new float[64]);
    assertRefused("model.norm.weight is not LoRA's A or B", pefts.config(), List.of(norm));
  }

  @Test
  void refusesABaseThatIsAnAdapter() {
    CheckpointFolder base = AdapterFolders.open(Fixtures.path("qwen2-vl-peft"));

    CheckpointException refusal =
        assertThrows(
            CheckpointException.class,
            () ->
                AdapterWriter.write(
                    folder().toString(), AdapterFolders.HADOOP, pefts.config(), base, List.of()));
    assertTrue(refusal.getMessage().contains("is an adapter itself"), refusal.getMessage());
  }

  @Test
  void refusesToReplaceItsBase() throws IOException {
    Files.createDirectories(folder());
    for (String name : Fixtures.checkpoint("qwen2-vl").names()) {
      Files.copy(Fixtures.path("qwen2-vl").resolve(name), folder().resolve(name));
    }
    CheckpointFolder base = AdapterFolders.open(folder());

    CheckpointException refusal =
        assertThrows(
            CheckpointException.class,
            () ->
                AdapterWriter.write(
                    folder().toString(),
                    AdapterFolders.HADOOP,
                    pefts.config(),
                    base,
                    AdapterFolders.tensors(pefts)));
    assertTrue(refusal.getMessage().contains("its base lies there"), refusal.getMessage());
    assertEquals(Fixtures.checkpoint("qwen2-vl").names(), AdapterFolders.open(folder()).names());
  }

  private void assertRefused(String part, LoraConfig config, List<NamedTensor> tensors) {
    CheckpointException refusal =
        assertThrows(CheckpointException.class, () -> write(config, tensors));
    assertTrue(refusal.getMessage().contains(part), refusal.getMessage());
    assertEquals(1, refusal.getMessage().lines().count());
  }

  private static float[] filled(NamedTensor tensor, float value) {
    float[] values = tensor.values().get().clone();
    values[values.length - 1] = value;
    return values;
  }

  private LoraConfig withTargets(TargetModules targets) {
    return new LoraConfig(4, 8, 0.1, targets, false);
  }

  private LoraConfig withRank(int rank) {
    return new LoraConfig(rank, 8, 0.1, pefts.config().targets(), false);
  }

  private void write(LoraConfig config, List<NamedTensor> tensors) {
    AdapterWriter.write(
        folder().toString(),
        AdapterFolders.HADOOP,
        config,
        Fixtures.checkpoint("qwen2-vl"),
        tensors);
  }

  private Path folder() {
    return temp.resolve("a");
  }

  private static PeftAdapter open(Path folder) {
    return PeftAdapter.open(folder.toString(), AdapterFolders.HADOOP);
  }

  private static JsonNode json(Path folder, String name) throws IOException {
    return JSON.readTree(folder.resolve(name).toFile());
  }
}
