package dev.assay.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.Fixtures;
import dev.assay.item.BadItemException;
import dev.assay.item.EncodedImage;
import java.util.Base64;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;

/** An image column may hold the image itself, as in MMEB's and ms-swift's files. */
class InlineImageTest {
  private static final byte[] PNG = Fixtures.bytes("decoding/png-rgb.png");
  private static final String BASE64 = Base64.getEncoder().encodeToString(PNG);
  private final ImageFolder images = ImageFolder.at("/nowhere", new Configuration());

  @Test
  void readsDataUris() {
    String encoded = BASE64.replace("+", "%2B").replace("/", "%2f").replace("=", "%3D");
    String lines = BASE64.replaceAll("(.{76})", "$1\r\n");
    for (String uri :
        List.of(
            "data:image/png;base64," + BASE64,
            "DATA:image/PNG;charset=utf-8;BASE64," + BASE64,
            "data:;base64," + BASE64,
            "data:image/png;base64," + BASE64.replace("=", ""),
            "data:image/png;base64," + BASE64.replace('+', '-').replace('/', '_'),
            "data:image/png;base64," + lines,
            "data:image/png;base64," + encoded)) {
      EncodedImage image = images.read(uri);
      assertArrayEquals(PNG, image.bytes(), uri);
      assertEquals(EncodedImage.of(PNG).key(), image.key());
    }
  }

  @Test
  void readsBase64OfEveryFormatButBmp() {
    for (String name :
        List.of("png-rgb.png", "jpeg-420.jpg", "gif.gif", "webp-1x1.webp", "png-1x1.png")) {
      byte[] file = Fixtures.bytes("decoding/" + name);
      assertArrayEquals(file, images.read(Base64.getEncoder().encodeToString(file)).bytes(), name);
      assertArrayEquals(
          file, images.read(Base64.getEncoder().withoutPadding().encodeToString(file)).bytes());
    }
  }

  @Test
  void whatMayBeAPathIsAPath() {
    String jpeg = "/9j/4AAQSkZJRgABAQAAAQABAAD" + "A".repeat(60);
    assertTrue(InlineImage.is(jpeg));
    assertFalse(InlineImage.is(jpeg + ".jpg"));
    assertFalse(InlineImage.is("/9j/4AAQSkZJRgABAQ")); // short
    assertFalse(InlineImage.is("images/" + "A".repeat(100))); // begins like no image
    assertFalse(InlineImage.is("BM" + "A".repeat(100)));
    assertFalse(InlineImage.is("Qk" + "A".repeat(100))); // two letters, for BMP, are too few
    assertFalse(InlineImage.is(null));
    assertFalse(InlineImage.is("data.jpg"));
  }

  @Test
  void namesWhatIsWrong() {
    assertReason("unreadable_image", "data:image/png," + BASE64);
    assertReason("unreadable_image", "data:image/png;base64");
    assertReason("unreadable_image", "data:image/png;base64,%%%");
    assertReason("unreadable_image", "data:image/png;base64,A=AA");
    assertReason("empty_image", "data:image/png;base64,");
  }

  @Test
  void sizeIsBoundedBeforeDecoding() {
    String uri = "data:image/png;base64," + "A".repeat(4000);
    assertEquals(3000, InlineImage.bytes(uri, 3000).length);
    BadItemException refusal =
        assertThrows(BadItemException.class, () -> InlineImage.bytes(uri, 2999));
    assertEquals("oversized_file", refusal.reason());
    assertTrue(refusal.detail().length() < 300, refusal.detail());
  }

  private void assertReason(String reason, String image) {
    BadItemException refusal = assertThrows(BadItemException.class, () -> images.read(image));
    assertEquals(reason, refusal.reason(), refusal.detail());
    assertTrue(refusal.detail().length() < 400, refusal.detail());
  }
}
