package dev.assay.checkpoint.fingerprint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.Fixtures;
import dev.assay.checkpoint.CheckpointException;
import dev.assay.checkpoint.CheckpointFolder;
import dev.assay.checkpoint.adapter.AdapterFolders;
import dev.assay.checkpoint.adapter.PeftAdapter;
import dev.assay.checkpoint.tensors.StoredTensor;
import dev.assay.checkpoint.tensors.StoredTensors;
import dev.assay.checkpoint.weights.TensorIndex;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Another byte is another checkpoint. */
class FingerprintTest {
  private static final String WEIGHTS = "model.safetensors";
  private static final String TABLE = "model.embed_tokens.weight";

  @TempDir Path temp;
  private Path model;

  @BeforeEach
  void copyOne() throws IOException {
    model = Files.createDirectory(temp.resolve("model"));
    for (String name : Fixtures.checkpoint("qwen2-vl").names()) {
      Files.copy(Fixtures.path("qwen2-vl").resolve(name), model.resolve(name));
    }
  }

  @Test
  void everyByteOfEveryTensorCounts() throws IOException {
    String before = Fingerprint.of(open());
    StoredTensors tensors = StoredTensors.of(open());
    for (String name : tensors.names()) {
      StoredTensor tensor = tensors.get(name);
      for (long at : new long[] {0, tensor.length() / 2, tensor.length() - 1}) {
        flip(model.resolve(WEIGHTS), tensor.offset() + at);
        assertNotEquals(before, Fingerprint.of(open()), name + " " + at);
        flip(model.resolve(WEIGHTS), tensor.offset() + at);
      }
    }
    assertEquals(before, Fingerprint.of(open()));
  }

  @Test
  void everyByteOfAnAdapterAndOfItsBaseCounts() throws IOException {
    Path adapter = AdapterFolders.copy("qwen2-vl-peft", "qwen2-vl", temp.resolve("adapter"));
    AdapterFolders.editConfig(adapter, c -> c.put("base_model_name_or_path", model.toString()));
    String before = Fingerprint.of(AdapterFolders.open(adapter));

    Path tensors = adapter.resolve(PeftAdapter.TENSORS);
    flip(tensors, Files.size(tensors) - 1);
    assertNotEquals(before, Fingerprint.of(AdapterFolders.open(adapter)));
    flip(tensors, Files.size(tensors) - 1);
    flip(model.resolve(WEIGHTS), lastByteOfTable());
    assertNotEquals(before, Fingerprint.of(AdapterFolders.open(adapter)));
  }

  @Test
  void anAdapterIsRefusedWhereOneByteOfItsBaseDiffersFromTraining() throws IOException {
    Path adapter = AdapterFolders.copy("qwen2-vl-peft", "qwen2-vl", temp.resolve("adapter"));
    Files.writeString(
        adapter.resolve("assay.json"),
        "{\"base\": \"%s\", \"base_fingerprint\": \"%s\"}"
            .formatted(model, Fingerprint.of(open())));
    TensorIndex.of(AdapterFolders.open(adapter));

    flip(model.resolve(WEIGHTS), lastByteOfTable());

    CheckpointException refusal =
        assertThrows(CheckpointException.class, () -> TensorIndex.of(AdapterFolders.open(adapter)));
    assertTrue(
        refusal.getMessage().contains("it was trained on a checkpoint of fingerprint"),
        refusal.getMessage());
  }

  @Test
  void theFilesOfASlowTokenizerCount() throws IOException {
    String before = Fingerprint.of(open());
    Files.writeString(model.resolve("merges.txt"), "a b\n");
    assertNotEquals(before, Fingerprint.of(open()));
    Files.delete(model.resolve("merges.txt"));
    Files.writeString(model.resolve("README.md"), "# A model\n");
    assertEquals(before, Fingerprint.of(open()));
  }

  @Test
  void digestsAreRememberedAsLongAsTheFileHasItsVersion() throws IOException {
    DigestMemo memo = new DigestMemo(temp.resolve("memo"));
    TensorDigests digests = new TensorDigests(memo, 1);
    String path = open().location() + "/" + WEIGHTS;
    SortedMap<String, String> hashed = digests.of(open(), StoredTensors.of(open()));
    assertTrue(open().version(WEIGHTS).isEmpty(), "it was written just now");
    assertTrue(memo.find(path, "any").isEmpty());

    CheckpointFolder settled = Fixtures.checkpoint("qwen2-vl");
    if (settled.version(WEIGHTS).isEmpty()) {
      System.out.println("not shown: the fixtures are on a file system without versions, or new");
      return;
    }
    String version = settled.version(WEIGHTS).get();
    String file = settled.location() + "/" + WEIGHTS;
    assertEquals(hashed, digests.of(settled, StoredTensors.of(settled)));
    assertEquals(hashed, memo.find(file, version).orElseThrow());
    hashed.replaceAll((name, digest) -> "remembered");
    memo.store(file, version, hashed);
    assertEquals(hashed, digests.of(settled, StoredTensors.of(settled)));
    memo.store(file, version + "'", hashed);
    assertNotEquals(hashed, digests.of(settled, StoredTensors.of(settled)));
  }

  @Test
  void aSettingReadsEveryByteAgain() {
    Configuration again = new Configuration();
    again.setBoolean(CheckpointFolder.REHASH, true);
    String fixtures = Fixtures.path("qwen2-vl").toString();

    assertTrue(CheckpointFolder.open(fixtures, again).version(WEIGHTS).isEmpty());
  }

  @Test
  void anEntryThatLacksATensorIsNotTrusted() {
    CheckpointFolder settled = Fixtures.checkpoint("qwen2-vl");
    DigestMemo memo = new DigestMemo(temp.resolve("memo"));
    settled
        .version(WEIGHTS)
        .ifPresent(v -> memo.store(settled.location() + "/" + WEIGHTS, v, Map.of(TABLE, "x")));

    SortedMap<String, String> found =
        new TensorDigests(memo, 1).of(settled, StoredTensors.of(settled));

    assertEquals(StoredTensors.of(settled).names(), found.keySet());
    assertNotEquals("x", found.get(TABLE));
  }

  private long lastByteOfTable() {
    StoredTensor table = StoredTensors.of(open()).get(TABLE);
    return table.offset() + table.length() - 1;
  }

  private static void flip(Path file, long at) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[(int) at] ^= 1;
    Files.write(file, bytes);
  }

  private CheckpointFolder open() {
    return CheckpointFolder.open(model.toString(), new Configuration());
  }
}
