package dev.assay.it;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The built distribution, run as a user runs it: as a process of its own. */
record Assay(Path launcher, Map<String, String> environment) {
  private static final String JAVA_OPTIONS = "ASSAY_JAVA_OPTS";

  /** A process that lives for seconds spends most of them in the optimizing compiler. */
  private static final String SHORT_LIVED = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC";

  /** What a run left behind. */
  record Run(int status, String out, String err, Duration took) {

    /** For assertions: all there is to know of a run that did not do what it should. */
    @Override
    public String toString() {
      return "exit status " + status + "\nstdout:\n" + out + "\nstderr:\n" + err;
    }
  }

  /** The distribution that {@code mvn package} leaves. */
  static Assay built() {
    return new Assay(home().resolve("bin/assay"), Map.of(JAVA_OPTIONS, SHORT_LIVED));
  }

  /** The folder of the built distribution. */
  static Path home() {
    return Path.of(System.getProperty("assay.home", "../jobs/target/assay")).toAbsolutePath();
  }

  /** The same with an environment variable set; an empty value unsets it. */
  Assay with(String variable, String value) {
    Map<String, String> changed = new HashMap<>(environment);
    changed.put(variable, value);
    return new Assay(launcher, changed);
  }

  /** The same with further options for the JVM. */
  Assay withJavaOptions(String options) {
    return with(JAVA_OPTIONS, environment.get(JAVA_OPTIONS) + " " + options);
  }

  /** Runs to the end, whatever that is. */
  Run run(String... arguments) {
    return start(arguments).end();
  }

  /** Starts a run. */
  Running start(String... arguments) {
    List<String> command = new ArrayList<>(List.of(launcher.toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    environment.forEach(
        (name, value) -> {
          if (value.isEmpty()) {
            builder.environment().remove(name);
          } else {
            builder.environment().put(name, value);
          }
        });
    return Running.of(builder);
  }
}
