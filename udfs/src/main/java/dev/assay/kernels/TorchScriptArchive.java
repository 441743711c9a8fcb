package dev.assay.kernels;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Packs TorchScript text into the zip that {@code torch::jit::load} reads: the text itself and a
 * pickle that makes one object of its class {@code Kernels} with {@code training = true}. The
 * pickle is a constant of ours; none is ever read.
 */
final class TorchScriptArchive {
  private static final String CLASS = "Kernels";

  private TorchScriptArchive() {}

  /** The archive for the text at {@code resource}, as bytes. */
  static byte[] of(String resource) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (InputStream text = TorchScriptArchive.class.getResourceAsStream(resource);
        ZipOutputStream zip = new ZipOutputStream(bytes)) {
      if (text == null) {
        throw new IllegalStateException("No resource " + resource + " in the jar");
      }
      put(zip, "data.pkl", object());
      put(zip, "constants.pkl", new byte[] {(byte) 0x80, 2, ')', '.'}); // an empty tuple
      put(zip, "code/__torch__.py", text.readAllBytes());
      put(zip, "version", "3\n".getBytes(StandardCharsets.US_ASCII));
      put(zip, "byteorder", "little".getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static void put(ZipOutputStream zip, String name, byte[] content) throws IOException {
    zip.putNextEntry(new ZipEntry("kernels/" + name));
    zip.write(content);
    zip.closeEntry();
  }

  /** Pickle protocol 2: {@code Kernels.__new__()} and its state {@code {"training": True}}. */
  private static byte[] object() throws IOException {
    ByteArrayOutputStream pickle = new ByteArrayOutputStream();
    pickle.write(new byte[] {(byte) 0x80, 2});
    pickle.write(("c__torch__\n" + CLASS + "\n").getBytes(StandardCharsets.US_ASCII));
    pickle.write(new byte[] {')', (byte) 0x81, '}', '(', 'X', 8, 0, 0, 0});
    pickle.write("training".getBytes(StandardCharsets.US_ASCII));
    pickle.write(new byte[] {(byte) 0x88, 'u', 'b', '.'});
    return pickle.toByteArray();
  }
}
