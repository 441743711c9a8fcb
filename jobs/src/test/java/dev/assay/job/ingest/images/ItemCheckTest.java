package dev.assay.job.ingest.images;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.image.ImageFolder;
import dev.assay.item.BadItemException;
import dev.assay.item.ContentHash;
import dev.assay.job.ingest.check.TextLimit;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ItemCheckTest {
  private static final byte[] GIF = "GIF89a".getBytes(StandardCharsets.US_ASCII);
  private static final TextLimit LIMIT = new TextLimit(4);

  @TempDir Path folder;
  private ImageFolder images;

  @BeforeEach
  void folder() throws IOException {
    Files.write(folder.resolve("x.gif"), GIF);
    images = ImageFolder.at(folder.toString(), new Configuration());
  }

  @Test
  void theHashOfAnItemWithAnImageCanBeComputedFromItsRowInTheTable() {
    assertEquals(ContentHash.of("abcd", GIF), hash("abcdef", "x.gif"));
    assertEquals(ContentHash.of(null, GIF), hash(null, "x.gif"));
  }

  @Test
  void textsWithEqualBeginningsAreNotOneItem() {
    assertNotEquals(hash("abcdef", null), hash("abcdeg", null));
    assertEquals(ContentHash.of("abcdef", null), hash("abcdef", null));
  }

  @Test
  void anItemOfNothingButMarkersIsEmpty() {
    for (String text : new String[] {null, "", " ", "<|image_1|>\n"}) {
      assertEquals(
          "empty_item", assertThrows(BadItemException.class, () -> hash(text, null)).reason());
    }
  }

  @Test
  void theMessageAboutAnImageHasABound() throws IOException {
    String name = "a".repeat(120);
    Path deep = Files.createDirectories(folder.resolve(name).resolve(name));
    Files.writeString(deep.resolve("text.png"), "no image");

    BadItemException e =
        assertThrows(BadItemException.class, () -> hash(null, name + "/" + name + "/text.png"));

    assertEquals("unreadable_image", e.reason());
    assertTrue(e.detail().length() < 300, e.detail());
    assertTrue(
        e.detail().endsWith("… is not a PNG, JPEG, WebP, GIF, BMP or TIFF file"), e.detail());
  }

  private String hash(String text, String image) {
    return ItemCheck.content(text, image, LIMIT, images).hash();
  }
}
