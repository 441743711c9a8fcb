package dev.assay.udf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.assay.checkpoint.CheckpointException;
import java.util.List;
import org.apache.spark.TaskContext;
import org.junit.jupiter.api.Test;

class ModelProbeTest {
  @Test
  void asksAsManyTasksAsItIsToldAndNamesEachAnswerOnce() {
    ModelProbe byTask = settings -> "a," + TaskContext.getPartitionId() % 2;
    List<String> answers = ModelProbe.run(byTask, null, TestSpark.session(), 3);
    assertEquals(List.of("a", "0", "1"), answers);
  }

  @Test
  void aFaultOfOneTaskIsReported() {
    ModelProbe faulty =
        settings -> {
          if (TaskContext.getPartitionId() == 1) {
            throw new CheckpointException("no weights here");
          }
          return "a";
        };
    CheckpointException e =
        assertThrows(
            CheckpointException.class, () -> ModelProbe.run(faulty, null, TestSpark.session(), 2));
    assertEquals("no weights here", e.getMessage());
  }
}
