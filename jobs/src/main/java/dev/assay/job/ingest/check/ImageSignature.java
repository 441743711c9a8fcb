package dev.assay.job.ingest.check;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** Tells an image file from another file by its first bytes. */
final class ImageSignature {
  private static final List<byte[]> STARTS =
      List.of(
          bytes("\u0089PNG\r\n\u001a\n"),
          bytes("\u00ff\u00d8\u00ff"), // JPEG
          bytes("GIF8"),
          bytes("BM"));

  private ImageSignature() {}

  static boolean known(byte[] file) {
    // WebP: RIFF, four bytes of length, WEBP.
    if (startsWith(file, 0, bytes("RIFF"))) {
      return startsWith(file, 8, bytes("WEBP"));
    }
    return STARTS.stream().anyMatch(start -> startsWith(file, 0, start));
  }

  private static boolean startsWith(byte[] file, int offset, byte[] start) {
    if (file.length < offset + start.length) {
      return false;
    }
    for (int i = 0; i < start.length; i++) {
      if (file[offset + i] != start[i]) {
        return false;
      }
    }
    return true;
  }

  private static byte[] bytes(String latin1) {
    return latin1.getBytes(StandardCharsets.ISO_8859_1);
  }
}
