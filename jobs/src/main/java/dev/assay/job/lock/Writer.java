package dev.assay.job.lock;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.UUID;

/**
 * Who writes to a workspace; the content of its lock.
 *
 * @param id of this hold on the workspace
 * @param host name of the machine
 * @param processes the namespace of its process ids: each container has its own
 * @param pid process id
 * @param started when the process started, in milliseconds; process ids are reused
 * @param job what it runs
 * @param since UTC time, ISO 8601
 */
@JsonIgnoreProperties(ignoreUnknown = true) // a newer Assay may have added to it
record Writer(
    String id, String host, String processes, long pid, long started, String job, String since) {
  /** A writer on another machine is taken for dead when its last sign of life is so old. */
  static final Duration SILENCE = Duration.ofMinutes(2);

  private static final ObjectMapper JSON = new ObjectMapper();

  /** This process. */
  static Writer here(String job) {
    ProcessHandle self = ProcessHandle.current();
    return new Writer(
        UUID.randomUUID().toString(),
        hostName(),
        processIds(),
        self.pid(),
        startOf(self),
        job,
        Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
  }

  static Writer parse(byte[] json) throws IOException {
    return JSON.readValue(json, Writer.class);
  }

  byte[] toJson() {
    try {
      return JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A writer is always JSON", e);
    }
  }

  /**
   * Whether it still runs. A process of this machine is looked up; another is judged by the time
   * since its last sign of life.
   *
   * @param silent that time
   */
  boolean isAlive(Duration silent) {
    if (host.equals(hostName()) && processes.equals(processIds())) {
      return ProcessHandle.of(pid)
          .filter(ProcessHandle::isAlive)
          .filter(process -> startOf(process) == started)
          .isPresent();
    }
    return silent.compareTo(SILENCE) < 0;
  }

  /** Such as {@code `assay mine` (process 7 on HOST)}. */
  String inWords() {
    return String.format(Locale.ROOT, "`assay %s` (process %d on %s)", job, pid, host);
  }

  private static long startOf(ProcessHandle process) {
    return process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
  }

  private static String hostName() {
    try {
      return Files.readString(Path.of("/proc/sys/kernel/hostname"), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      try {
        return InetAddress.getLocalHost().getHostName();
      } catch (IOException unknown) {
        return "unknown";
      }
    }
  }

  private static String processIds() {
    try {
      return Files.readSymbolicLink(Path.of("/proc/self/ns/pid")).toString();
    } catch (IOException | UnsupportedOperationException e) {
      return "";
    }
  }
}
