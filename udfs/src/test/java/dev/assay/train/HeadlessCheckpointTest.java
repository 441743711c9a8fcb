package dev.assay.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import dev.assay.Fixtures;
import dev.assay.checkpoint.CheckpointException;
import dev.assay.checkpoint.CheckpointFolder;
import dev.assay.checkpoint.weights.TensorIndex;
import dev.assay.checkpoint.writing.CheckpointWriter;
import dev.assay.checkpoint.writing.NamedTensor;
import dev.assay.item.Item;
import dev.assay.model.Precision;
import dev.assay.model.training.Parameter;
import dev.assay.model.training.Tuning;
import dev.assay.train.loss.OwnNegatives;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An embedder needs no output head, and training one leaves the head of a checkpoint as it is. */
class HeadlessCheckpointTest {
  private static final String UNTIED = "qwen2.5-vl";
  private static final String HEAD = "lm_head.weight";
  private static final Tuning FULL = new Tuning.Full(Pattern.compile(".*"));
  private static final ContrastiveExample EXAMPLE =
      new ContrastiveExample(
          new Item("a large red circle", null),
          new Item("a small red square", null),
          List.of(new Item("two dogs run over wet sand", null)),
          new float[] {1, 0.2f});

  @TempDir Path folder;

  @Test
  void anEmbedderIsTrainedOnACheckpointWithoutHead() throws IOException {
    Gradients expected = gradients(Fixtures.checkpoint(UNTIED));
    Gradients headless = gradients(withoutHead());
    assertEquals(expected.loss(), headless.loss());
    for (int p = 0; p < expected.values().length; p++) {
      assertArrayEquals(expected.values()[p], headless.values()[p]);
    }
  }

  @Test
  void answersCannotBeTrainedOnACheckpointWithoutHead() throws IOException {
    CheckpointFolder headless = withoutHead();
    CheckpointException refused =
        assertThrows(
            CheckpointException.class,
            () ->
                AnswerReplica.load(
                    headless,
                    Device.cpu(),
                    Precision.FLOAT32,
                    FULL,
                    0,
                    options(),
                    RerankRows.defaults()));
    assertTrue(refused.getMessage().contains(HEAD), refused.getMessage());
  }

  @Test
  void theHeadOfATrainedEmbedderIsThatOfItsBase() {
    CheckpointFolder base = Fixtures.checkpoint(UNTIED);
    List<NamedTensor> trained = new ArrayList<>();
    try (EmbedderReplica replica = replica(base)) {
      float[][] values = replica.initialValues();
      for (int p = 0; p < values.length; p++) {
        Parameter parameter = replica.parameters().get(p);
        assertFalse(parameter.name().equals(HEAD), "the head is trained");
        trained.add(NamedTensor.of(parameter.name(), parameter.shape(), values[p]));
      }
    }
    String written = folder.resolve("written").toString();
    CheckpointWriter.of(base).withTensors(trained).write(written, new Configuration());

    CheckpointFolder copy = CheckpointFolder.open(written, new Configuration());
    assertArrayEquals(TensorIndex.of(base).values(HEAD), TensorIndex.of(copy).values(HEAD));
  }

  private static Gradients gradients(CheckpointFolder checkpoint) {
    try (EmbedderReplica replica = replica(checkpoint)) {
      return replica.gradients(replica.initialValues(), List.of(EXAMPLE), 0);
    }
  }

  private static EmbedderReplica replica(CheckpointFolder checkpoint) {
    return EmbedderReplica.load(
        checkpoint, Device.cpu(), Precision.FLOAT32, FULL, 0, options(), new OwnNegatives(0.1));
  }

  private static ReplicaOptions options() {
    return new ReplicaOptions(1 << 20, 1 << 20, false, ReplicaOptions.EACH_ALONE);
  }

  /** A copy whose head has another name, so that nothing finds it. */
  private CheckpointFolder withoutHead() throws IOException {
    try (Stream<Path> files = Files.list(Fixtures.path(UNTIED))) {
      for (Path file : files.toList()) {
        byte[] content = Files.readAllBytes(file);
        if (file.toString().endsWith(".safetensors")) {
          String text = new String(content, StandardCharsets.ISO_8859_1);
          content =
              text.replace(HEAD, "no" + HEAD.substring(2)).getBytes(StandardCharsets.ISO_8859_1);
        }
        Files.write(folder.resolve(file.getFileName()), content);
      }
    }
    return CheckpointFolder.open(folder.toString(), new Configuration());
  }
}
