package dev.assay.job.lock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.job.failure.SettingsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WriterLockTest {
  @TempDir Path folder;

  @Test
  void refusesASecondWriterAndNamesTheFirst() throws IOException {
    try (WriterLock first = acquire("judge")) {
      SettingsException e = assertThrows(SettingsException.class, () -> acquire("mine"));

      Writer holder = Writer.parse(Files.readAllBytes(file()));
      assertEquals(
          "Cannot write to the workspace %s: `assay judge` (process %d on %s) has been writing to it since %s; wait until it has ended, or stop it"
              .formatted(folder, ProcessHandle.current().pid(), holder.host(), holder.since()),
          e.getMessage());
    }
    assertEquals(List.of(), files());
    acquire("mine").close();
  }

  @Test
  void takesOverFromAProcessThatIsGone() throws IOException {
    leave(dead("x"));

    try (WriterLock lock = acquire("mine")) {
      assertEquals("mine", Writer.parse(Files.readAllBytes(file())).job());
    }
    assertEquals(List.of(), files());
  }

  @Test
  void aWriterOfAnotherMachineLivesWhileItGivesSigns() throws IOException {
    Writer here = Writer.here("judge");
    leave(new Writer("x", "far-away", here.processes(), 7, 1, "judge", here.since()));
    SettingsException e = assertThrows(SettingsException.class, () -> acquire("mine"));
    assertTrue(e.getMessage().contains("(process 7 on far-away)"), e.getMessage());

    Instant past = Instant.now().minus(Writer.SILENCE).minusSeconds(1);
    Files.setLastModifiedTime(file(), FileTime.from(past));

    acquire("mine").close();
  }

  @RepeatedTest(20)
  void ofManyAtOnceOneGetsADeadWritersPlace() throws Exception {
    leave(dead("x"));
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Callable<WriterLock>> tries =
          IntStream.range(0, 8).<Callable<WriterLock>>mapToObj(i -> this::tried).toList();
      int held = 0;
      for (Future<WriterLock> each : threads.invokeAll(tries)) {
        held += each.get() == null ? 0 : 1;
      }
      assertEquals(1, held);
    } finally {
      threads.shutdown();
    }
  }

  @Test
  void takesOverFromOneThatDiedWhileItTookOver() throws IOException {
    Writer first = dead("x");
    leave(first);
    UUID named = UUID.nameUUIDFromBytes(first.toJson());
    Files.write(folder.resolve("." + LockFile.NAME + "." + named), dead("y").toJson());

    acquire("mine").close();

    assertEquals(List.of(), files());
  }

  @Test
  void leavesALockAloneThatIsNoLongerItsOwn() throws IOException {
    WriterLock lock = acquire("judge");
    Writer here = Writer.here("mine");
    leave(here);

    lock.close();

    assertEquals(here, Writer.parse(Files.readAllBytes(file())));
  }

  @Test
  void anotherProcessSpaceOfTheSameNameIsAnotherMachine() {
    Writer here = Writer.here("judge");
    Writer contained = new Writer("x", here.host(), "pid:[1]", 1, 1, "judge", here.since());
    assertTrue(contained.isAlive(Writer.SILENCE.minusSeconds(1)));
    assertFalse(contained.isAlive(Writer.SILENCE));
  }

  /** A process of this machine; its number was given out again since. */
  private static Writer dead(String id) {
    Writer here = Writer.here("judge");
    return new Writer(id, here.host(), here.processes(), here.pid(), 1, "judge", here.since());
  }

  private WriterLock tried() {
    try {
      return acquire("mine");
    } catch (SettingsException e) {
      return null;
    }
  }

  private WriterLock acquire(String job) {
    return WriterLock.acquire(folder.toString(), job, new Configuration());
  }

  private void leave(Writer writer) throws IOException {
    Files.write(file(), writer.toJson());
  }

  private Path file() {
    return folder.resolve(LockFile.NAME);
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.toList();
    }
  }
}
