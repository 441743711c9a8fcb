package dev.assay.checkpoint.fingerprint;

import dev.assay.checkpoint.CheckpointException;
import dev.assay.checkpoint.CheckpointFolder;
import dev.assay.checkpoint.tensors.StoredTensor;
import dev.assay.checkpoint.tensors.StoredTensors;
import dev.assay.item.Sha256;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.FSDataInputStream;

/**
 * The SHA-256 of every tensor's bytes. Files are hashed side by side. A large file is not read
 * again as long as its version is the one whose digests are remembered.
 *
 * @param memo remembers digests
 * @param smallest bytes of a file from which on they are remembered; a smaller file is hashed
 *     sooner than looked up
 */
record TensorDigests(DigestMemo memo, long smallest) {
  private static final long SMALLEST = 64L << 20;
  private static final int PIECE_BYTES = 1 << 20;

  /** Remembers in the user's cache folder. */
  static TensorDigests ofUser() {
    return new TensorDigests(DigestMemo.ofUser(), SMALLEST);
  }

  /**
   * Hashes tensors.
   *
   * @return digests by released name, sorted by it
   * @throws CheckpointException if a file cannot be read
   */
  SortedMap<String, String> of(CheckpointFolder folder, StoredTensors tensors) {
    Map<String, List<String>> byFile =
        tensors.names().stream().collect(Collectors.groupingBy(name -> tensors.get(name).file()));
    SortedMap<String, String> digests = new TreeMap<>();
    byFile.entrySet().parallelStream()
        .map(file -> ofFile(folder, file.getKey(), tensors, file.getValue()))
        .toList()
        .forEach(digests::putAll);
    return digests;
  }

  private Map<String, String> ofFile(
      CheckpointFolder folder, String file, StoredTensors tensors, List<String> names) {
    Optional<String> version =
        folder.length(file) < smallest ? Optional.empty() : folder.version(file);
    if (version.isEmpty()) {
      return hash(folder, file, tensors, names);
    }
    String path = folder.location() + "/" + file;
    return memo.find(path, version.get())
        .filter(known -> known.keySet().containsAll(names))
        .orElseGet(
            () -> {
              Map<String, String> hashed = hash(folder, file, tensors, names);
              memo.store(path, version.get(), hashed);
              return hashed;
            });
  }

  private static Map<String, String> hash(
      CheckpointFolder folder, String file, StoredTensors tensors, List<String> names) {
    byte[] piece = new byte[PIECE_BYTES];
    Map<String, String> digests = new TreeMap<>();
    try (FSDataInputStream in = folder.open(file)) {
      for (String name :
          names.stream().sorted(Comparator.comparing(n -> tensors.get(n).offset())).toList()) {
        digests.put(name, hash(in, tensors.get(name), piece));
      }
    } catch (IOException e) {
      throw new CheckpointException("Cannot read " + folder.file(file) + ": " + e.getMessage(), e);
    }
    return digests;
  }

  private static String hash(FSDataInputStream in, StoredTensor tensor, byte[] piece)
      throws IOException {
    Sha256 hash = new Sha256();
    in.seek(tensor.offset());
    for (long left = tensor.length(); left > 0; ) {
      int size = (int) Math.min(piece.length, left);
      in.readFully(piece, 0, size);
      hash.add(piece, 0, size);
      left -= size;
    }
    return hash.hex();
  }
}
