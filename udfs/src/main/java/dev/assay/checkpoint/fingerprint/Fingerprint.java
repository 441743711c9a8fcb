package dev.assay.checkpoint.fingerprint;

import dev.assay.checkpoint.AdapterBase;
import dev.assay.checkpoint.CheckpointException;
import dev.assay.checkpoint.CheckpointFolder;
import dev.assay.checkpoint.adapter.PeftAdapter;
import dev.assay.checkpoint.tensors.StoredTensor;
import dev.assay.checkpoint.tensors.StoredTensors;
import dev.assay.item.Sha256;
import java.nio.charset.StandardCharsets;

/** Short names for contents: the first 16 hexadecimal digits of a SHA-256. */
public final class Fingerprint {
  private static final int DIGITS = 16;

  private final Sha256 hash = new Sha256();

  private Fingerprint() {}

  /** Of several texts. Where one ends and the next begins counts. */
  public static String of(String... texts) {
    Fingerprint fingerprint = new Fingerprint();
    for (String text : texts) {
      fingerprint.add(text);
    }
    return fingerprint.hex();
  }

  /**
   * Of a checkpoint: every byte of its configuration, tokenizer and template files, and of every
   * tensor its name, type, shape and every byte. How tensors are divided into files does not count,
   * nor where the files are. Of an adapter: of its base, its scalings and its tensors.
   *
   * <p>The hashes of large weight files are remembered, see {@link DigestMemo}.
   *
   * @throws CheckpointException if a file cannot be read
   */
  public static String of(CheckpointFolder folder) {
    return of(folder, TensorDigests.ofUser());
  }

  static String of(CheckpointFolder folder, TensorDigests digests) {
    Fingerprint fingerprint = new Fingerprint();
    if (folder.adapter().isPresent()) {
      PeftAdapter adapter = PeftAdapter.of(folder.adapter().get());
      fingerprint.add(of(folder.withoutAdapter(), digests));
      for (String module : adapter.modules()) {
        fingerprint.add(module + " " + adapter.scaling(module));
      }
      fingerprint.add(folder.adapter().get(), adapter.tensors(), digests);
      return fingerprint.hex();
    }
    for (String name : folder.names()) {
      if (matters(name)) {
        fingerprint.add(name);
        fingerprint.add(folder.bytes(name));
      }
    }
    fingerprint.add(folder, StoredTensors.of(folder), digests);
    return fingerprint.hex();
  }

  /** The files beside the weights that results depend on. */
  private static boolean matters(String name) {
    return name.endsWith(".json") && !name.endsWith(".index.json")
        || name.endsWith(".jinja")
        || name.equals("merges.txt");
  }

  /**
   * Refuses an adapter whose base is not the one that it was trained on.
   *
   * @throws CheckpointException saying so
   */
  public static void checkBase(CheckpointFolder folder) {
    if (folder.adapter().isEmpty()) {
      return;
    }
    CheckpointFolder adapter = folder.adapter().get();
    String trainedOn = AdapterBase.of(adapter).fingerprint();
    String found = trainedOn.isEmpty() ? "" : of(folder.withoutAdapter());
    if (!found.equals(trainedOn)) {
      throw new CheckpointException(
          "Cannot load adapter %s: it was trained on a checkpoint of fingerprint %s, but %s has %s; set the right one as \"%s\" in %s/%s, or remove \"%s\" there to load it anyway"
              .formatted(
                  adapter,
                  trainedOn,
                  folder.withoutAdapter(),
                  found,
                  AdapterBase.BASE,
                  adapter.location(),
                  AdapterBase.FILE,
                  AdapterBase.FINGERPRINT));
    }
  }

  private void add(CheckpointFolder folder, StoredTensors tensors, TensorDigests digests) {
    digests
        .of(folder, tensors)
        .forEach(
            (name, digest) -> {
              StoredTensor tensor = tensors.get(name);
              add(name + " " + tensor.type() + " " + tensor.shape());
              add(digest);
            });
  }

  private void add(String text) {
    add(text.getBytes(StandardCharsets.UTF_8));
  }

  private void add(byte[] bytes) {
    hash.addInt(bytes.length).add(bytes);
  }

  private String hex() {
    return hash.hex().substring(0, DIGITS);
  }
}
