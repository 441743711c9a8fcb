package dev.assay.udf.rows;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.assay.item.BadItemException;
import dev.assay.item.ContentHash;
import dev.assay.item.EncodedImage;
import dev.assay.item.Item;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A folder in which every image's bytes are its own path, until {@code rewritten} is set. */
class ItemReaderTest {
  private final List<String> reads = new ArrayList<>();
  private String rewritten = "";
  private final ItemReader reader =
      new ItemReader(
          path -> {
            reads.add(path);
            return EncodedImage.of(bytes(path + rewritten));
          },
          20);

  @Test
  void anImageWithTheBytesOfItsIngestIsAccepted() {
    String hash = ContentHash.of("a text", bytes("a.png"));
    assertEquals(
        new Item("a text", EncodedImage.of(bytes("a.png"))), reader.item("a text", "a.png", hash));
    assertEquals("a text", reader.item("a text", bytes("a.png"), hash).text());
  }

  @Test
  void anImageWithOtherBytesThanAtIngestIsChanged() {
    String hash = ContentHash.of("a text", bytes("a.png"));
    rewritten = " anew";
    BadItemException path =
        assertThrows(BadItemException.class, () -> reader.item("a text", "a.png", hash));
    assertEquals("changed_image", path.reason());
    assertEquals(
        "a.png has other bytes than when it was ingested; run ingest again", path.detail());
    BadItemException inline =
        assertThrows(BadItemException.class, () -> reader.item("a text", bytes("b"), hash));
    assertEquals("changed_image", inline.reason());
  }

  @Test
  void withoutAHashOrAnImageNothingIsChecked() {
    rewritten = " anew";
    assertEquals("a text", reader.item("a text", "a.png", null).text());
    assertEquals("a text", reader.item("a text", "a.png", "").text());
    assertEquals("a text", reader.item("a text", null, "of something else").text());
    assertEquals("a text", reader.item("a text", "", "of something else").text());
  }

  @Test
  void anImageThatRowsShareIsReadOnce() {
    Item first = reader.item("a", "same.png");
    Item second = reader.item("b", "same.png");
    assertSame(first.image(), second.image());
    assertEquals(List.of("same.png"), reads);
  }

  @Test
  void theFilesUsedLastAreKeptUpToALimit() {
    for (String path : List.of("1234567.png", "a.png", "1234567.png", "b.png")) {
      reader.item("a text", path); // 11, 5, 0 and 5 bytes: a.png has to go
    }
    reads.clear();
    for (String path : List.of("1234567.png", "b.png", "a.png")) {
      reader.item("a text", path);
    }
    assertEquals(List.of("a.png"), reads);

    reader.item("a text", "larger-than-the-limit.png"); // used, and not kept
    reads.clear();
    reader.item("a text", "larger-than-the-limit.png");
    assertEquals(List.of("larger-than-the-limit.png"), reads);
  }

  @Test
  void anItemNeedsATextOrAnImage() {
    for (Object none : new Object[] {null, "", new byte[0]}) {
      BadItemException e = assertThrows(BadItemException.class, () -> reader.item("", none));
      assertEquals("empty_item", e.reason());
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
