package dev.assay.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.it.Assay.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Wrong usage and wrong settings: exit status 2, one plain line, nothing written. */
class WrongUsageIT {
  @TempDir private Path folder;
  private Path workspace;
  private String data;

  @BeforeEach
  void aDataset() throws IOException {
    workspace = folder.resolve("workspace");
    data = SmallDataset.write(folder.resolve("data")).folder().toString();
  }

  @Test
  void helpListsTheJobs() {
    Run run = Expect.done(Assay.built().run("--help"));
    for (String job :
        new String[] {"ingest", "embed", "retrieve", "judge", "mine", "export", "run"}) {
      assertTrue(run.out().contains(job), () -> "no " + job + " in " + run);
    }
    System.out.printf("assay --help: %.1f s%n", run.took().toMillis() / 1000.0);
  }

  @Test
  void namesTheJobThatIsNotOne() throws IOException {
    refused("mien", "mien", "--workspace", workspace.toString());
  }

  @Test
  void refusesToRunWithoutAWorkspace() throws IOException {
    refused("--workspace", "mine");
  }

  @Test
  void namesTheNearestKeyForAnUnknownOne() throws IOException {
    String setting = "assay.retrieve.top_k=5";
    refused(
        "assay.retrieve.top-k", "ingest", "--workspace", workspace.toString(), "--set", setting);
  }

  @Test
  void namesAnUnknownKeyInAFile() throws IOException {
    Path file = folder.resolve("my.conf");
    Files.writeString(file, "assay { mine { betta = 0.1 } }");
    refused(
        "assay.mine.beta",
        "ingest",
        "--workspace",
        workspace.toString(),
        "--config",
        file.toString());
  }

  @Test
  void namesAMissingConfigurationFile() throws IOException {
    String file = folder.resolve("absent.conf").toString();
    refused(file, "ingest", "--workspace", workspace.toString(), "--config", file);
  }

  @Test
  void namesAMissingInput() throws IOException {
    String absent = folder.resolve("absent").toString();
    refused(absent, "ingest", "--workspace", workspace.toString(), "--input", absent);
  }

  @Test
  void namesTheJobThatMakesAMissingTable() throws IOException {
    refused("ingest", "retrieve", "--workspace", workspace.toString());
  }

  @Test
  void refusesAValueOutOfRange() throws IOException {
    String setting = "assay.mine.negatives=-1";
    refused("mine.negatives", "mine", "--workspace", workspace.toString(), "--set", setting);
  }

  @Test
  void refusesAWorkspaceItCannotWrite() throws IOException {
    // Under a regular file: not even root can create a folder there.
    Path file = Files.writeString(folder.resolve("file"), "");
    Path under = file.resolve("workspace");
    Expect.refused(
        Assay.built().run("ingest", "--workspace", under.toString(), "--input", data),
        under.toString());
  }

  private void refused(String named, String... arguments) throws IOException {
    Expect.refused(Assay.built().run(arguments), named);
    assertEquals(0, Snapshot.of(workspace).size(), "files in the workspace");
  }
}
