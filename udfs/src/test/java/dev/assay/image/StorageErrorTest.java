package dev.assay.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.item.BadItemException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A storage that fails is not a bad image: the task fails, and Spark tries it again. */
class StorageErrorTest {
  @TempDir Path root;
  private ImageFolder images;

  @BeforeEach
  void open() {
    images = ImageFolder.at("faulty://" + root, FaultyFileSystem.configuration());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "throttled.jpg",
        "timeout.jpg",
        "denied.jpg",
        "remote.jpg",
        "unknown-host.jpg",
        "reset.jpg",
        "unreadable.jpg",
        "forbidden.jpg",
        "shrunk.jpg"
      })
  void failsWithThePathAndTheCause(String name) throws IOException {
    Files.writeString(root.resolve(name), "abc");
    UncheckedIOException failure =
        assertThrows(UncheckedIOException.class, () -> images.read(name));
    assertTrue(failure.getMessage().contains(root.resolve(name).toString()), failure.getMessage());
    assertFalse(failure.getMessage().endsWith("null"), failure.getMessage());
    assertInstanceOf(IOException.class, failure.getCause());
  }

  @ParameterizedTest
  @ValueSource(strings = {"none.jpg", "gone.jpg", "below-a-file.jpg", "naïve.jpg"})
  void aFileThatIsNotThereIsTheItemsFault(String name) {
    BadItemException refusal = assertThrows(BadItemException.class, () -> images.read(name));
    assertEquals("missing_image", refusal.reason());
  }

  @Test
  void anErrorWhileAnotherSpellingIsLookedForIsNoMissingImage() throws IOException {
    Files.createDirectories(root.resolve("naïve"));
    assertThrows(UncheckedIOException.class, () -> images.read("naïve/throttled.jpg"));
  }

  @Test
  void readsWhatDoesNotFail() throws IOException {
    Files.writeString(root.resolve("a.jpg"), "abc");
    assertEquals(3, images.read("a.jpg").bytes().length);
  }
}
