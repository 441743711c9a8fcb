package dev.assay.job.train.step;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.assay.item.BadItemException;
import dev.assay.job.failure.JobFailedException;
import dev.assay.job.train.data.Epochs.TrainingRow;
import dev.assay.job.train.step.ReplicaTasks.ExampleMaker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.util.SerializableConfiguration;
import org.junit.jupiter.api.Test;

/** Examples are made before a replica is opened, so none is needed here. */
class ReplicaTasksTest {
  private record Named(String id) implements TrainingRow {}

  @Test
  void aStorageErrorFailsTheTaskAsItIs() {
    UncheckedIOException error =
        new UncheckedIOException("Cannot read a.png", new IOException("503 Slow Down"));
    UncheckedIOException e =
        assertThrows(
            UncheckedIOException.class,
            () ->
                examples(
                    (row, reader) -> {
                      throw error;
                    }));
    assertEquals(error, e);
  }

  @Test
  void anItemThatChangedSinceItWasCheckedIsNamed() {
    JobFailedException e =
        assertThrows(
            JobFailedException.class,
            () ->
                examples(
                    (row, reader) -> {
                      throw new BadItemException("changed_image", "a.png has other bytes");
                    }));
    assertEquals("Cannot train on q1: changed_image: a.png has other bytes", e.getMessage());
  }

  private static void examples(ExampleMaker<Named, String> maker) throws InterruptedException {
    new ReplicaTasks<>(null, maker, "", new SerializableConfiguration(new Configuration(false)))
        .examples(List.of(new Named("q1")));
  }
}
