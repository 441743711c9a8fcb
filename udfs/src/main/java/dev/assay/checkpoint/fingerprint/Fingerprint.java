package dev.assay.checkpoint.fingerprint;

import dev.assay.checkpoint.CheckpointFolder;
import dev.assay.checkpoint.weights.TensorIndex;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Short names for contents: 16 hexadecimal digits of a SHA-256. */
public final class Fingerprint {
  private final MessageDigest digest;

  private Fingerprint() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java platform has it
    }
  }

  /** Of several texts, whose bounds count. */
  public static String of(String... texts) {
    Fingerprint fingerprint = new Fingerprint();
    for (String text : texts) {
      fingerprint.add(text);
    }
    return fingerprint.hex();
  }

  /**
   * Of a checkpoint: its configuration, tokenizer and template files whole, and of every tensor its
   * name, type, shape and first bytes. Fine-tuning changes these; reading all the weights would
   * take longer than it is worth. Under an adapter, of both; where they lie does not count.
   */
  public static String of(CheckpointFolder folder) {
    Fingerprint fingerprint = new Fingerprint();
    if (folder.adapter().isPresent()) {
      fingerprint.add(of(folder.withoutAdapter()));
      folder.adapter().get().sample(fingerprint::add, fingerprint::add);
      return fingerprint.hex();
    }
    for (String name : folder.names()) {
      if (name.endsWith(".json") && !name.endsWith(".index.json") || name.endsWith(".jinja")) {
        fingerprint.add(name);
        fingerprint.add(folder.bytes(name));
      }
    }
    TensorIndex.of(folder).sample(fingerprint::add);
    return fingerprint.hex();
  }

  private void add(String text) {
    add(text.getBytes(StandardCharsets.UTF_8));
  }

  private void add(byte[] bytes) {
    digest.update(ByteBuffer.allocate(4).putInt(bytes.length).array());
    digest.update(bytes);
  }

  private String hex() {
    return HexFormat.of().formatHex(digest.digest()).substring(0, 16);
  }
}
