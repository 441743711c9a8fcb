package dev.assay.checkpoint.fingerprint;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.assay.checkpoint.UserCache;
import dev.assay.item.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Optional;

/**
 * Remembers the digests of weight files, so that gigabytes are hashed once and not in every job.
 *
 * <p>Each weight file has one small file in a cache folder of the user, named after its path. It
 * says for which version of the weight file it holds; for another one it is ignored and replaced.
 * It is written under another name and then moved, so that a reader sees a whole one whoever writes
 * at the same time. Where the folder cannot be written nothing is remembered.
 */
final class DigestMemo {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String FILE = "file";
  private static final String VERSION = "version";
  private static final String TENSORS = "tensors";

  private final Path folder;

  DigestMemo(Path folder) {
    this.folder = folder;
  }

  /** In the user's cache folder. */
  static DigestMemo ofUser() {
    return new DigestMemo(UserCache.folder("digests"));
  }

  /**
   * The digests of a file's tensors.
   *
   * @param file its full path
   * @param version as its file system gives it
   * @return nothing if none are known for this version
   */
  Optional<Map<String, String>> find(String file, String version) {
    try {
      JsonNode entry = JSON.readTree(Files.readAllBytes(entry(file)));
      if (!entry.path(FILE).asText().equals(file)
          || !entry.path(VERSION).asText().equals(version)) {
        return Optional.empty();
      }
      return Optional.of(
          JSON.convertValue(entry.path(TENSORS), new TypeReference<Map<String, String>>() {}));
    } catch (IOException | IllegalArgumentException e) {
      return Optional.empty(); // none, or one that is broken: the file is hashed again
    }
  }

  /** Remembers digests for a version of a file, in place of those of any other version. */
  void store(String file, String version, Map<String, String> digests) {
    try {
      Files.createDirectories(folder);
      Path draft = Files.createTempFile(folder, "draft", null);
      try {
        Map<String, Object> entry = Map.of(FILE, file, VERSION, version, TENSORS, digests);
        Files.write(draft, JSON.writeValueAsBytes(entry));
        Files.move(draft, entry(file), StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(draft);
      }
    } catch (IOException | SecurityException e) {
      return; // it is only there to save time
    }
  }

  private Path entry(String file) {
    return folder.resolve(Sha256.hex(file) + ".json");
  }
}
