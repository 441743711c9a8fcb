package dev.assay.item;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Identity by content: what two rows share when they are the same item under two names. */
public final class ContentHash {
  private ContentHash() {}

  /**
   * SHA-256 in hex over text and image bytes. The text goes in with its length in front, so no text
   * can imitate an image's bytes.
   *
   * @param text null counts as empty
   * @param imageBytes the encoded file, null if there is no image
   */
  public static String of(String text, byte[] imageBytes) {
    byte[] words = (text == null ? "" : text).getBytes(StandardCharsets.UTF_8);
    MessageDigest digest = sha256();
    digest.update(ByteBuffer.allocate(Long.BYTES).putLong(words.length).array());
    digest.update(words);
    if (imageBytes != null) {
      digest.update((byte) 1);
      digest.update(imageBytes);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java runtime has SHA-256", e);
    }
  }
}
