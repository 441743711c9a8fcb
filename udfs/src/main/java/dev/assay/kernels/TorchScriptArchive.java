package dev.assay.kernels;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Packs TorchScript text into the zip that {@code torch::jit::load} reads: the text itself and a
 * pickle that makes one object of its class {@code Kernels} with {@code training = true}. The
 * pickle is a constant of this class; no pickle is ever read from outside.
 */
final class TorchScriptArchive {
  private static final String CLASS = "Kernels";

  private TorchScriptArchive() {}

  /**
   * The archive, as bytes.
   *
   * @param resources text files; one after the other they are the class
   */
  static byte[] of(List<String> resources) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      put(zip, "data.pkl", object());
      put(zip, "constants.pkl", new byte[] {(byte) 0x80, 2, ')', '.'}); // an empty tuple
      put(zip, "code/__torch__.py", text(resources));
      put(zip, "version", "3\n".getBytes(StandardCharsets.US_ASCII));
      put(zip, "byteorder", "little".getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static byte[] text(List<String> resources) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (String resource : resources) {
      try (InputStream text = TorchScriptArchive.class.getResourceAsStream(resource)) {
        if (text == null) {
          throw new IllegalStateException("No resource " + resource + " in the jar");
        }
        text.transferTo(all);
      }
    }
    return all.toByteArray();
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
