package dev.assay.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.assay.item.BadItemException;
import dev.assay.item.EncodedImage;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageFolderTest {
  @TempDir Path temp;
  private Path root;
  private ImageFolder images;

  @BeforeEach
  void writeFiles() throws IOException {
    root = Files.createDirectories(temp.resolve("root/sub")).getParent();
    Files.writeString(root.resolve("a.jpg"), "abc");
    Files.writeString(root.resolve("sub/b c%20:d#é.jpg"), "b");
    Files.writeString(temp.resolve("secret.jpg"), "secret");
    Files.createDirectories(temp.resolve("root-too"));
    Files.writeString(temp.resolve("root-too/a.jpg"), "neighbour");
    images = ImageFolder.at(root.toString(), new Configuration());
  }

  @Test
  void readsBytesAndKeysThemByTheirHash() {
    EncodedImage image = images.read("a.jpg");
    assertArrayEquals(new byte[] {'a', 'b', 'c'}, image.bytes());
    assertEquals("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", image.key());
  }

  @Test
  void takesAnyFileNameLiterally() {
    assertEquals(1, images.read("sub/b c%20:d#é.jpg").bytes().length);
  }

  @Test
  void takesAbsolutePathsAndUrisUnderTheRoot() {
    assertEquals(3, images.read(root + "/a.jpg").bytes().length);
    assertEquals(3, images.read("file://" + root + "/a.jpg").bytes().length);
    assertEquals(3, images.read("sub/../a.jpg").bytes().length);
    ImageFolder uri = ImageFolder.at("file://" + root + "/", new Configuration());
    assertEquals(3, uri.read("a.jpg").bytes().length);
    assertEquals(3, uri.read(root + "/a.jpg").bytes().length);
  }

  @Test
  void refusesWhatLeavesTheRoot() throws IOException {
    Files.createSymbolicLink(root.resolve("link.jpg"), temp.resolve("secret.jpg"));
    Files.createSymbolicLink(root.resolve("out"), temp);
    for (String path :
        new String[] {
          "../secret.jpg",
          "sub/../../secret.jpg",
          "../root-too/a.jpg",
          "../../../../../../../../etc/passwd",
          temp + "/secret.jpg",
          "file://" + temp + "/secret.jpg",
          root + "/../secret.jpg",
          root + "-too/a.jpg",
          "hdfs://elsewhere/a.jpg",
          "s3a://bucket/a.jpg",
          "link.jpg",
          "out/secret.jpg"
        }) {
      assertReason("outside_image_root", path);
    }
  }

  @Test
  void namesWhatIsWrongWithAFile() throws IOException {
    Files.createFile(root.resolve("empty.jpg"));
    try (RandomAccessFile huge = new RandomAccessFile(root.resolve("huge.jpg").toFile(), "rw")) {
      huge.setLength((256L << 20) + 1); // sparse
    }
    assertReason("missing_image", "none.jpg");
    assertReason("missing_image", "");
    assertReason("missing_image", " ");
    assertReason("missing_image", null);
    assertReason("unreadable_image", "sub");
    assertReason("missing_image", "a\0.jpg");
    assertReason("empty_image", "empty.jpg");
    assertReason("oversized_file", "huge.jpg");
  }

  @Test
  void withoutARootTakesOnlyAbsolutePaths() {
    images = ImageFolder.at(null, new Configuration());
    assertEquals(6, images.read(temp + "/secret.jpg").bytes().length);
    assertEquals(6, images.read("file:" + temp + "/secret.jpg").bytes().length);
    assertReason("missing_image", "a.jpg");
    assertReason("unreadable_image", "nosuchscheme://x/a.jpg");
  }

  @Test
  void theRootItselfMayBeALink() throws IOException {
    Path link = Files.createSymbolicLink(temp.resolve("link"), root);
    Files.createSymbolicLink(root.resolve("inside.jpg"), root.resolve("a.jpg"));
    Files.createSymbolicLink(root.resolve("out.jpg"), temp.resolve("secret.jpg"));
    images = ImageFolder.at(link.toString(), new Configuration());
    assertEquals(3, images.read("a.jpg").bytes().length);
    assertEquals(3, images.read("inside.jpg").bytes().length);
    assertEquals(3, images.read(link + "/a.jpg").bytes().length);
    assertReason("outside_image_root", "out.jpg");
    assertReason("outside_image_root", "../secret.jpg");
  }

  @Test
  void aRefusalTellsNothingOfWhatLiesOutside() throws IOException {
    Files.createSymbolicLink(root.resolve("link.jpg"), temp.resolve("secret.jpg"));
    Files.createSymbolicLink(root.resolve("dangling.jpg"), temp.resolve("gone.jpg"));
    for (String path : List.of("../secret.jpg", "link.jpg", temp + "/secret.jpg")) {
      BadItemException refusal =
          assertThrows(BadItemException.class, () -> images.read(path), path);
      assertEquals(-1, refusal.detail().replace("secret.jpg", "").indexOf("secret"));
    }
    // Whether the file outside is there is not told either, but by a link that points at it.
    assertReason("outside_image_root", "../gone.jpg");
    assertReason("missing_image", "dangling.jpg");
  }

  private void assertReason(String reason, String path) {
    BadItemException refusal =
        assertThrows(BadItemException.class, () -> images.read(path), String.valueOf(path));
    assertEquals(reason, refusal.reason(), path + ": " + refusal.detail());
  }
}
