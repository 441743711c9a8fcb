package dev.assay.item;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class Sha256Test {
  /** From FIPS 180-2, appendix B. */
  @Test
  void equalsTheStandardsExamples() {
    assertEquals("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", hex("abc"));
    assertEquals(
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
        hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"));
  }

  @Test
  void piecesHashAsTheirConcatenation() {
    byte[] bytes = "xabcy".getBytes(StandardCharsets.US_ASCII);
    Sha256 hash = new Sha256().add((byte) 'a').add(bytes, 2, 1);
    assertEquals(hex("abc"), hash.add(ByteBuffer.wrap(bytes, 3, 1)).hex());
  }

  @Test
  void numbersAreTheirBytesFromTheHighestOn() {
    byte[] bytes = {0, 0, 1, 2, 0, 0, 0, 0, 0, 0, 3, 4};
    assertEquals(Sha256.hex(bytes), new Sha256().addInt(0x102).addLong(0x304).hex());
  }

  private static String hex(String text) {
    return Sha256.hex(text);
  }
}
