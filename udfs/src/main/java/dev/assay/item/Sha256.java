package dev.assay.item;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * SHA-256 over bytes that arrive in pieces. Pieces are hashed as if they stood in one array, so a
 * caller that needs their borders adds their lengths too. One instance belongs to one thread.
 */
public final class Sha256 {
  private final MessageDigest digest;

  public Sha256() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java runtime has SHA-256", e);
    }
  }

  /** The hash of these bytes, 64 hexadecimal digits. */
  public static String hex(byte[] bytes) {
    return new Sha256().add(bytes).hex();
  }

  /** The hash of a text in UTF-8, 64 hexadecimal digits. */
  public static String hex(String text) {
    return hex(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Adds all bytes of an array. */
  public Sha256 add(byte[] bytes) {
    digest.update(bytes);
    return this;
  }

  /** Adds {@code length} bytes of an array from {@code start} on. */
  public Sha256 add(byte[] bytes, int start, int length) {
    digest.update(bytes, start, length);
    return this;
  }

  /** Adds what remains in a buffer, and moves its position to its limit. */
  public Sha256 add(ByteBuffer bytes) {
    digest.update(bytes);
    return this;
  }

  /** Adds one byte. */
  public Sha256 add(byte value) {
    digest.update(value);
    return this;
  }

  /** Adds a number as four bytes, the highest first. */
  public Sha256 addInt(int value) {
    return add(ByteBuffer.allocate(Integer.BYTES).putInt(value).flip());
  }

  /** Adds a number as eight bytes, the highest first. */
  public Sha256 addLong(long value) {
    return add(ByteBuffer.allocate(Long.BYTES).putLong(value).flip());
  }

  /**
   * The hash of everything added so far, 64 hexadecimal digits. The next piece starts a new hash.
   */
  public String hex() {
    return HexFormat.of().formatHex(digest.digest());
  }
}
