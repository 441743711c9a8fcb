package dev.assay.checkpoint.adapter;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.util.RawValue;
import dev.assay.Fixtures;
import dev.assay.checkpoint.AdapterBase;
import dev.assay.checkpoint.CheckpointException;
import dev.assay.checkpoint.CheckpointFolder;
import dev.assay.checkpoint.fingerprint.Fingerprint;
import dev.assay.checkpoint.weights.TensorIndex;
import dev.assay.model.VisionLanguageModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An adapter's folder as a checkpoint: what is found, and what is refused from headers alone. */
class AdapterTest {
  private static final String UP = "model.layers.2.mlp.up_proj.weight";
  private static final String DOWN = "model.layers.2.mlp.down_proj.weight";

  @TempDir Path temp;
  private Path adapter;

  @BeforeEach
  void copyAGoodOne() throws IOException {
    adapter = AdapterFolders.copy("qwen2-vl-peft", "qwen2-vl", temp.resolve("adapter"));
  }

  @Test
  void everyFileButTheWeightsIsCopiedFromTheBase() {
    CheckpointFolder folder = AdapterFolders.open(adapter);

    VisionLanguageModel.check(folder);
    assertEquals(Fixtures.checkpoint("qwen2-vl").names(), folder.names());
    assertArrayEquals(values(Fixtures.checkpoint("qwen2-vl"), UP), values(folder, UP));
    assertNotEquals(values(Fixtures.checkpoint("qwen2-vl"), DOWN)[7], values(folder, DOWN)[7]);
  }

  @Test
  void theBaseLiesBesideTheAdapterWhereItsNameIsRelative() throws IOException {
    Path models = temp.resolve("models");
    for (String name : Fixtures.checkpoint("qwen2-vl").names()) {
      Files.createDirectories(models.resolve("org/base"));
      Files.copy(Fixtures.path("qwen2-vl").resolve(name), models.resolve("org/base").resolve(name));
    }
    Path moved = AdapterFolders.copy("qwen2-vl-peft", "qwen2-vl", models.resolve("mine"));
    AdapterFolders.editConfig(moved, c -> c.put("base_model_name_or_path", "org/base"));

    VisionLanguageModel.check(AdapterFolders.open(moved));
  }

  @Test
  void whatAssayNotedGoesBeforeWhatPeftDid() throws IOException {
    AdapterFolders.editConfig(adapter, c -> c.put("base_model_name_or_path", "/nowhere"));
    note(Fixtures.path("qwen2-vl").toUri().toString(), "");

    VisionLanguageModel.check(AdapterFolders.open(adapter));
  }

  @ParameterizedTest
  @CsvSource({"qwen2-vl-peft, qwen2-vl, mlp.down", "qwen2.5-vl-peft, qwen2.5-vl, visual"})
  void oldSpellingsAreRead(String name, String base, String some) throws IOException {
    CheckpointFolder now = AdapterFolders.open(Fixtures.path(name));
    Path old = AdapterFolders.copy(name, base, temp.resolve("old"));
    AdapterFolders.rename(
        old,
        n ->
            n.replace("model.model.language_model.", "model.model.")
                .replace("model.model.visual.", "model.visual."));
    AdapterFolders.editConfig(
        old,
        c -> {
          if (c.get("target_modules").isTextual()) {
            String pattern = c.get("target_modules").asText();
            c.put(
                "target_modules",
                pattern.replace(
                    "model\\.(language_model\\.layers|visual\\.blocks)",
                    "(model\\.layers|visual\\.blocks)"));
          }
        });

    TensorIndex read = TensorIndex.of(AdapterFolders.open(old));

    int compared = 0;
    for (String weight : read.names()) {
      assertArrayEquals(values(now, weight), read.values(weight), weight);
      compared += weight.contains(some) ? 1 : 0;
    }
    assertTrue(compared > 2);
    assertEquals(Fingerprint.of(now), Fingerprint.of(AdapterFolders.open(old)));
  }

  @Test
  void theFingerprintIsOfBaseAndAdapterWhereverTheyLie() throws IOException {
    String here = Fingerprint.of(AdapterFolders.open(adapter));
    Path there = AdapterFolders.copy("qwen2-vl-peft", "qwen2-vl", temp.resolve("there"));

    assertEquals(here, Fingerprint.of(AdapterFolders.open(there)));
    assertNotEquals(here, Fingerprint.of(Fixtures.checkpoint("qwen2-vl")));
    AdapterFolders.editConfig(there, c -> c.put("lora_alpha", 9));
    assertNotEquals(here, Fingerprint.of(AdapterFolders.open(there)));
    there = AdapterFolders.copy("qwen2-vl-peft", "qwen2-vl-bf16", temp.resolve("elsewhere"));
    assertNotEquals(here, Fingerprint.of(AdapterFolders.open(there)));
    AdapterFolders.rename(adapter, n -> n.contains("layers.0.mlp") ? null : n);
    assertNotEquals(here, Fingerprint.of(AdapterFolders.open(adapter)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "peft_type | \"LOHA\" | peft_type is LOHA",
        "bias | \"all\" | bias is all",
        "use_dora | true | use_dora is true",
        "lora_bias | true | lora_bias is true",
        "modules_to_save | [\"norm\"] | modules_to_save is [\"norm\"]",
        "target_parameters | [\"x\"] | target_parameters is",
        "alora_invocation_tokens | [1, 2] | alora_invocation_tokens is [1,2]",
        "layer_replication | [[0, 2]] | layer_replication is",
        "init_lora_weights | \"pissa_niter_4\" | init_lora_weights is pissa_niter_4",
        "r | 0 | r is 0, it must be a whole number of at least 1",
        "alpha_pattern | {\"q_proj\": 0} | alpha_pattern is 0, it must be a number greater than 0",
        "r | \"four\" | r is \"four\"",
        "lora_alpha | null | lora_alpha is null",
        "target_modules | \"(\" | '(' is not a regular expression",
        "target_modules | [] | target_modules must be a list of names",
        "rank_pattern | {\"[\": 2} | '[' is not a regular expression",
        "target_modules | [\"q_proj\"] | which its target_modules do not name",
      })
  void refusesWhatIsNoPlainLora(String key, String value, String why) throws IOException {
    AdapterFolders.editConfig(adapter, c -> c.putRawValue(key, new RawValue(value)));

    assertRefused(why);
  }

  @Test
  void refusesAnAdapterWithoutItsBase() throws IOException {
    AdapterFolders.editConfig(adapter, c -> c.put("base_model_name_or_path", "Qwen/Qwen2-VL-2B"));
    assertRefused("its base Qwen/Qwen2-VL-2B is not there", "as \"base\" in", "assay.json");

    AdapterFolders.editConfig(adapter, c -> c.putNull("base_model_name_or_path"));
    assertRefused("it names no base", "assay.json");
  }

  @Test
  void refusesAnAdapterOfAnAdapter() throws IOException {
    note(Fixtures.path("qwen2-vl-peft").toString(), "");

    assertRefused("is an adapter itself; merge that one first");
  }

  @Test
  void refusesAnotherBaseThanTheOneOfItsTraining() throws IOException {
    note(Fixtures.path("qwen2-vl").toString(), Fingerprint.of(Fixtures.checkpoint("qwen2-vl")));
    VisionLanguageModel.check(AdapterFolders.open(adapter));

    note(
        Fixtures.path("qwen2-vl-bf16").toString(), Fingerprint.of(Fixtures.checkpoint("qwen2-vl")));
    assertRefused("it was trained on a checkpoint of fingerprint", "\"base_fingerprint\"");
  }

  @Test
  void refusesABaseOfOtherShapes() throws IOException {
    AdapterFolders.editConfig(
        adapter,
        c -> c.put("base_model_name_or_path", Fixtures.path("qwen2-vl-nested").toString()));

    assertRefused("lora_A.weight has shape [4, 96]", "it should be [4, 80]");
  }

  @Test
  void refusesAModuleThatTheBaseLacks() throws IOException {
    AdapterFolders.rename(adapter, n -> n.replace("layers.2", "layers.3"));

    assertRefused("it adapts model.layers.3.mlp.down_proj, which", "does not have");
  }

  @Test
  void refusesWhatIsNoLinearLayer() throws IOException {
    AdapterFolders.editConfig(adapter, c -> c.put("target_modules", ".*"));
    AdapterFolders.rename(
        adapter,
        n -> n.replace("language_model.layers.0.mlp.down_proj", "visual.patch_embed.proj"));

    assertRefused("it adapts visual.patch_embed.proj of shape", "not a linear layer");
  }

  @Test
  void refusesATiedHead() throws IOException {
    AdapterFolders.editConfig(adapter, c -> c.put("target_modules", ".*"));
    AdapterFolders.rename(
        adapter, n -> n.replace("model.language_model.layers.0.mlp.down_proj", "lm_head"));

    assertRefused("it adapts lm_head, which");
  }

  @Test
  void refusesATensorThatIsNeitherLoraANorLoraB() throws IOException {
    AdapterFolders.rename(
        adapter,
        n ->
            n.replace(
                "layers.0.mlp.down_proj.lora_A", "layers.0.mlp.down_proj.lora_magnitude_vector"));

    assertRefused("lora_magnitude_vector.weight is not LoRA's A or B");
  }

  @Test
  void refusesLoraAWithoutLoraB() throws IOException {
    AdapterFolders.rename(adapter, n -> n.contains("layers.0.mlp.down_proj.lora_A") ? null : n);

    assertRefused("tensor model.layers.0.mlp.down_proj.lora_A.weight is missing");
  }

  @Test
  void refusesPickledAndTruncatedTensors() throws IOException {
    Path tensors = adapter.resolve(PeftAdapter.TENSORS);
    byte[] whole = Files.readAllBytes(tensors);
    Files.write(tensors, Arrays.copyOf(whole, whole.length - 1));
    assertRefused("it is truncated");

    Files.move(tensors, adapter.resolve("adapter_model.bin"));
    assertRefused("pickled weights are never read");
  }

  private void note(String base, String fingerprint) throws IOException {
    Files.write(adapter.resolve(AdapterBase.FILE), new AdapterBase(base, fingerprint).json());
  }

  private void assertRefused(String... parts) {
    CheckpointException refusal =
        assertThrows(
            CheckpointException.class,
            () -> VisionLanguageModel.check(AdapterFolders.open(adapter)));
    assertEquals(1, refusal.getMessage().lines().count(), refusal.getMessage());
    for (String part : parts) {
      assertTrue(refusal.getMessage().contains(part), refusal.getMessage());
    }
  }

  private static float[] values(CheckpointFolder folder, String weight) {
    return TensorIndex.of(folder).values(weight);
  }
}
