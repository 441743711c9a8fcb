package dev.assay.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.job.failure.JobFailedException;
import dev.assay.job.failure.SettingsException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FailureTest {
  @Test
  void aKnownFailurePrintsItsOwnMessage() {
    Failure wrong = Failure.of(new RuntimeException(new SettingsException("Cannot x\nat y")));
    assertEquals(new Failure(Main.WRONG_USAGE, "Cannot x", true), wrong);
    Failure failed = Failure.of(new JobFailedException("Too many", new IOException("below")));
    assertEquals(new Failure(Main.FAILED, "Too many", true), failed);
  }

  @Test
  void anUnknownFailurePrintsItsRootCause() {
    Failure failure = Failure.of(new RuntimeException("outer", new IOException("disk full\nx")));
    assertEquals(new Failure(Main.FAILED, "IOException: disk full", false), failure);
  }

  @Test
  void anUnknownFailureLeavesItsStackTraceInTheFileThatTheMessageNames() throws IOException {
    Exception thrown =
        new IllegalStateException(
            "open s3a://me:hunter2@bucket/a", new IOException("secret.key=k3y"));
    String said = report(thrown, true);

    assertEquals(1, said.lines().count(), said);
    assertTrue(said.startsWith("assay: IOException: secret.key=*** (stack trace: "), said);
    Path file = Path.of(said.substring(said.indexOf("trace: ") + 7, said.indexOf(")\n")));
    String trace = Files.readString(file);
    Files.delete(file);
    assertTrue(trace.contains("IllegalStateException: open s3a://me:***@bucket/a"), trace);
    assertTrue(trace.contains("at dev.assay.cli.FailureTest."), trace);
    assertFalse(trace.contains("hunter2") || trace.contains("k3y"), trace);
  }

  @Test
  void aStackTraceThatNobodyCouldFetchFollowsTheLine() {
    String said = report(new IllegalStateException("x"), false);
    assertTrue(said.startsWith("assay: IllegalStateException: x\n"), said);
    assertTrue(said.contains("\tat dev.assay.cli.FailureTest."), said);
  }

  private static String report(Exception thrown, boolean readable) {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(err, true, StandardCharsets.UTF_8);
    StackTraceFile.report(thrown, Failure.of(thrown).line(), readable, stream);
    return err.toString(StandardCharsets.UTF_8);
  }

  @Test
  void aLibraryThatMayNotRunNamesTheFoldersToChange() {
    UnsatisfiedLinkError error =
        new UnsatisfiedLinkError(
            "/c/libtorch.so: failed to map segment from shared object: Operation not permitted");
    Failure failure = Failure.of(new RuntimeException("Failed to load PyTorch", error));

    assertEquals(Main.WRONG_USAGE, failure.status());
    assertTrue(failure.line().contains("/c/libtorch.so"), failure.line());
    String twice = NativeLibraries.explain("/c/x.so: /c/x.so: failed", Map.of(), "/t");
    assertTrue(twice.startsWith("Cannot load a native library: /c/x.so: failed;"), twice);
    String line = NativeLibraries.explain("x.so", Map.of("DJL_CACHE_DIR", "/c"), "/t");
    assertTrue(line.contains("DJL_CACHE_DIR (now /c)"), line);
    assertTrue(line.contains("java.io.tmpdir (now the tmp folder /t)"), line);
    String home = NativeLibraries.explain("x.so", Map.of("HOME", "/home/me"), "/t");
    assertTrue(home.contains("DJL_CACHE_DIR (now /home/me/.djl.ai)"), home);
  }
}
