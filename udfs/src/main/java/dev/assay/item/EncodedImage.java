package dev.assay.item;

import java.util.Objects;

/**
 * The bytes of an image file, not yet decoded.
 *
 * @param key the SHA-256 of the bytes in hex; caches use it as their key
 * @param bytes the file, not copied; treat as immutable
 */
@SuppressWarnings("ArrayRecordComponent") // equality is by key
public record EncodedImage(String key, byte[] bytes) {
  public EncodedImage {
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(bytes, "bytes");
  }

  /** The image under the hash of its bytes. */
  public static EncodedImage of(byte[] bytes) {
    return new EncodedImage(Sha256.hex(bytes), bytes);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof EncodedImage that && key.equals(that.key);
  }

  @Override
  public int hashCode() {
    return key.hashCode();
  }

  @Override
  public String toString() {
    return "EncodedImage[" + key + ", " + bytes.length + " bytes]";
  }
}
