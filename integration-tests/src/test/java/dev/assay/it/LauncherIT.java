package dev.assay.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.it.Assay.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What bin/assay does before, and instead of, starting the program. */
class LauncherIT {
  @TempDir Path folder;
  private Path spark;

  @BeforeEach
  void aSparkThatTellsItsArguments() throws IOException {
    spark = folder.resolve("spark with a space");
    script(spark.resolve("bin/spark-submit"), "printf '%s\\n' \"$@\"");
  }

  private static void script(Path file, String body) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, "#!/bin/sh\n" + body + "\n");
    assertTrue(file.toFile().setExecutable(true));
  }

  @Test
  void handsAClusterOverToSparkSubmit() {
    String[] arguments = {"run", "--master", "spark://head:7077", "--set", "a=b c", "--set", "d=*"};
    Run run = Assay.built().with("SPARK_HOME", spark.toString()).run(arguments);
    assertEquals(0, run.status(), run::toString);
    List<String> submitted = run.out().lines().toList();
    assertEquals("dev.assay.cli.Main", after("--class", submitted));
    assertEquals("spark://head:7077", after("--master", submitted));
    assertTrue(Files.exists(Path.of(after("--properties-file", submitted))), run::toString);
    String jars = after("--jars", submitted);
    assertTrue(jars.contains("/assay-udfs-"), jars);
    assertTrue(Stream.of(jars.split(",")).allMatch(jar -> Files.exists(Path.of(jar))), jars);
    List<String> tail = submitted.subList(submitted.size() - arguments.length, submitted.size());
    assertEquals(List.of(arguments), tail);
    String main = submitted.get(submitted.size() - arguments.length - 1);
    assertTrue(main.matches(".*/lib/assay-jobs-[^/]*\\.jar"), main);
  }

  @Test
  void takesTheDriversMemoryAlong() {
    Run run =
        Assay.built()
            .with("SPARK_HOME", spark.toString())
            .with("ASSAY_MEMORY", "3g")
            .run("mine", "--master=yarn");
    assertEquals("3g", after("--driver-memory", run.out().lines().toList()), run::toString);
  }

  @Test
  void givesTheDriverItsLogConfiguration() throws IOException {
    script(spark.resolve("bin/spark-submit"), "printf '%s' \"$SPARK_SUBMIT_OPTS\"");
    Run run = Assay.built().with("SPARK_HOME", spark.toString()).run("mine", "--master=yarn");
    String file = Assay.home().resolve("conf/log4j2.properties").toRealPath().toString();
    assertEquals("\"-Dlog4j2.configurationFile=file:" + file + "\"", run.out().strip());
  }

  @Test
  void setsAUtf8LocaleWhereThereIsNone() throws IOException {
    script(spark.resolve("bin/spark-submit"), "locale charmap");
    Assay launcher = Assay.built().with("SPARK_HOME", spark.toString()).with("LANG", "");
    for (String locale : new String[] {"C", "POSIX", "", "xx_XX.UTF-8"}) {
      Run run = launcher.with("LC_ALL", locale).with("LC_CTYPE", "").run("mine", "--master=yarn");
      assertEquals("UTF-8", run.out().strip(), () -> "LC_ALL=" + locale + ": " + run);
    }
  }

  @Test
  void saysWhatIsMissingForACluster() {
    Run unset = Assay.built().with("SPARK_HOME", "").run("mine", "--master", "yarn");
    Expect.refused(unset, "SPARK_HOME is not set");
    Run wrong = Assay.built().with("SPARK_HOME", "/nowhere").run("mine", "--master", "yarn");
    Expect.refused(wrong, "/nowhere/bin/spark-submit");
  }

  @Test
  void refusesAnOldJava() throws IOException {
    script(folder.resolve("java8/bin/java"), "echo 'java version \"1.8.0_401\"' >&2");
    Run old = Assay.built().with("JAVA_HOME", folder.resolve("java8").toString()).run("--help");
    Expect.refused(old, "Java 17");
    Run none = Assay.built().with("JAVA_HOME", folder.resolve("none").toString()).run("--help");
    Expect.refused(none, folder.resolve("none/bin/java").toString());
  }

  private static String after(String option, List<String> arguments) {
    return arguments.get(arguments.indexOf(option) + 1);
  }
}
