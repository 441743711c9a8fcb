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
  void refusesPathsOutsideTheRoot() throws IOException {
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

  @Test
  void percentSignsEncodeCharactersInUris() throws IOException {
    Path odd = root.resolve("x y%#é[1].jpg");
    Files.writeString(odd, "12345");
    for (String uri :
        List.of(
            odd.toUri().toString(),
            odd.toUri().toASCIIString(), // é as %C3%A9
            "file://" + root + "/x%20y%25%23%c3%a9%5B1%5D.jpg",
            "file:" + root + "/x%20y%25%23é[1].jpg",
            "FILE://localhost" + root + "/x%20y%25%23é[1].jpg")) {
      assertEquals(5, images.read(uri).bytes().length, uri);
    }
  }

  @Test
  void anInvalidPercentEncodingIsTakenLiterally() throws IOException {
    Files.writeString(root.resolve("100%.jpg"), "1");
    Files.writeString(root.resolve("50%zz.jpg"), "12");
    Files.writeString(root.resolve("a%20b.jpg"), "123");
    Files.writeString(root.resolve("%e9.jpg"), "1234"); // no UTF-8
    assertEquals(1, images.read("100%.jpg").bytes().length);
    assertEquals(1, images.read("file://" + root + "/100%.jpg").bytes().length);
    assertEquals(1, images.read("file://" + root + "/100%25.jpg").bytes().length);
    assertEquals(2, images.read("file://" + root + "/50%zz.jpg").bytes().length);
    assertEquals(4, images.read("file://" + root + "/%e9.jpg").bytes().length);
    // In a plain path it is part of the name; in a URI only if nothing has the decoded name.
    assertEquals(3, images.read("a%20b.jpg").bytes().length);
    assertEquals(3, images.read(root + "/a%20b.jpg").bytes().length);
    assertEquals(3, images.read("file://" + root + "/a%20b.jpg").bytes().length);
    Files.writeString(root.resolve("a b.jpg"), "12345");
    assertEquals(5, images.read("file://" + root + "/a%20b.jpg").bytes().length);
    assertEquals(3, images.read("a%20b.jpg").bytes().length);
  }

  @Test
  void encodedDotsAndSlashesDoNotLeaveTheRoot() {
    for (String path : List.of("%2e%2e/secret.jpg", "%2E./secret.jpg", "..%2fsecret.jpg")) {
      assertReason("outside_image_root", "file://" + root + "/" + path);
      assertReason("outside_image_root", "file://" + root + "/sub/../" + path);
      assertReason("missing_image", path); // a plain path: these are characters of a name
    }
    assertReason("outside_image_root", "file:///%2e%2e" + temp + "/secret.jpg");
    assertReason("missing_image", "file://" + root + "/%252e%252e/secret.jpg"); // decoded once
    assertReason("missing_image", "file://" + root + "/a%00.jpg");
  }

  @Test
  void globCharactersAreCharacters() throws IOException {
    for (String name :
        List.of("a[1].jpg", "{a,b}.jpg", "*.jpg", "a?.jpg", "a\\b.jpg", "[^a].jpg")) {
      Files.writeString(root.resolve(name), name);
      assertEquals(name.length(), images.read(name).bytes().length, name);
      assertEquals(name.length(), images.read(root + "/" + name).bytes().length, name);
    }
    assertReason("missing_image", "?.jpg");
    assertReason("missing_image", "sub/*");
  }

  /** Data sets are made on systems that compose accents, and on systems that decompose them. */
  @Test
  void findsANameWhoseAccentsAreComposedOtherwise() throws IOException {
    String composed = "caf\u00e9";
    String decomposed = "cafe\u0301";
    Files.createDirectories(root.resolve(decomposed + "/" + composed));
    Files.writeString(root.resolve(decomposed + "/" + composed + "/" + decomposed + ".jpg"), "123");
    for (String folder : List.of(composed, decomposed)) {
      for (String inner : List.of(composed, decomposed)) {
        for (String file : List.of(composed, decomposed)) {
          String path = folder + "/" + inner + "/" + file + ".jpg";
          assertEquals(3, images.read(path).bytes().length, path);
          String uri = root.resolve(path).toUri().toASCIIString();
          assertEquals(3, images.read(uri).bytes().length, path);
          ImageFolder rootless = ImageFolder.at(null, new Configuration());
          assertEquals(3, rootless.read(root + "/" + path).bytes().length, path);
        }
      }
    }
    Files.writeString(root.resolve(composed + ".jpg"), "1");
    Files.writeString(root.resolve(decomposed + ".jpg"), "12");
    assertEquals(1, images.read(composed + ".jpg").bytes().length); // its own name comes first
    assertEquals(2, images.read(decomposed + ".jpg").bytes().length);
    assertReason("missing_image", composed + "/none.jpg");
    assertReason("outside_image_root", composed + "/../../secret.jpg");
  }

  @Test
  void namesThatNoFileCanHaveAreMissing() {
    assertReason("missing_image", "x".repeat(300) + ".jpg");
    assertReason("missing_image", "x/".repeat(3000) + "a.jpg");
    assertReason("missing_image", "a.jpg/b.jpg");
    assertReason("unreadable_image", "https://example.org/a.jpg");
  }

  @Test
  void locatesAPathWithoutLooking() {
    assertEquals("file:" + root + "/no ne.jpg", images.locate("no ne.jpg").get(0).toString());
    assertEquals(
        "file:" + root + "/no ne.jpg",
        images.locate("file://" + root + "/no%20ne.jpg").get(0).toString());
    assertThrows(BadItemException.class, () -> images.locate("../secret.jpg"));
    assertThrows(BadItemException.class, () -> images.locate("data:image/png;base64,AAAA"));
  }

  private void assertReason(String reason, String path) {
    BadItemException refusal =
        assertThrows(BadItemException.class, () -> images.read(path), String.valueOf(path));
    assertEquals(reason, refusal.reason(), path + ": " + refusal.detail());
  }
}
