package dev.assay.job.ingest.images;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderListingTest {
  @TempDir Path folder;

  @Test
  void findsNamedFilesHoweverManyAreAskedFor() throws IOException {
    for (String name : List.of("a.png", "b.png", "c:d.png", "[1].png", "100%.png", "not named")) {
      Files.writeString(folder.resolve(name), name);
    }
    Files.createDirectory(folder.resolve("folder"));
    Set<String> names =
        new LinkedHashSet<>(List.of("a.png", "c:d.png", "[1].png", "100%.png", "folder", "gone"));
    Set<String> there = Set.of("a.png", "c:d.png", "[1].png", "100%.png");

    assertEquals(new TreeSet<>(there), found(names));
    for (int i = 0; i < 20; i++) {
      names.add("gone" + i);
    }
    assertEquals(new TreeSet<>(there), found(names), "by listing");
  }

  @Test
  void findsANameInEitherUnicodeForm() throws IOException {
    String composed = Normalizer.normalize("größe.png", Normalizer.Form.NFC);
    String decomposed = Normalizer.normalize("größe.png", Normalizer.Form.NFD);
    Files.writeString(folder.resolve(decomposed), "x");
    Set<String> names = new LinkedHashSet<>(List.of(composed));

    assertEquals(Set.of(decomposed), found(names));
    for (int i = 0; i < 20; i++) {
      names.add("gone" + i);
    }
    assertEquals(Set.of(decomposed), found(names), "by listing");
  }

  @Test
  void findsAFolderWhosePartsAreInDifferentForms() throws IOException {
    String composed = Normalizer.normalize("ü", Normalizer.Form.NFC);
    String decomposed = Normalizer.normalize("ü", Normalizer.Form.NFD);
    Path inside = Files.createDirectories(folder.resolve(composed).resolve(decomposed));
    Files.writeString(inside.resolve("x.png"), "x");

    assertEquals(Set.of("x.png"), found(composed + "/" + composed, Set.of("x.png")));
    assertEquals(Set.of("x.png"), found(decomposed + "/" + composed, Set.of("x.png")));
  }

  @Test
  void aFolderThatDoesNotExistHasNoFiles() {
    assertEquals(Set.of(), new TreeSet<>(found("nowhere", Set.of("a"))));
    assertEquals(
        Set.of(), found("nowhere", Set.of("a", "b", "c", "d", "e", "f", "g", "h", "i", "j")));
  }

  private Set<String> found(Set<String> names) {
    return found("", names);
  }

  private Set<String> found(String inside, Set<String> names) {
    Set<String> found = new TreeSet<>();
    String path = folder.resolve(inside).toString();
    new FolderListing(new org.apache.hadoop.fs.Path("file", null, path), new Configuration())
        .forEachFile(names, file -> found.add(file.getPath().getName()));
    return found;
  }
}
