package dev.assay.udf;

import dev.assay.checkpoint.CheckpointException;
import dev.assay.checkpoint.CheckpointFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Tells, without reading a checkpoint, whether it is still the one it was. */
public final class ModelFiles {
  private ModelFiles() {}

  /**
   * A value that changes when a file of the folder is added, removed, resized or rewritten.
   *
   * @throws CheckpointException if there is no such folder
   */
  public static String state(String modelUrl, Configuration hadoop) {
    CheckpointFolder folder = CheckpointFolder.open(modelUrl, hadoop);
    try {
      FileSystem fileSystem = new Path(modelUrl).getFileSystem(hadoop);
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (String name : folder.names()) {
        long written = fileSystem.getFileStatus(folder.file(name)).getModificationTime();
        String line = name + "\t" + folder.length(name) + "\t" + written + "\n";
        digest.update(line.getBytes(StandardCharsets.UTF_8));
      }
      return HexFormat.of().formatHex(digest.digest()).substring(0, 16);
    } catch (IOException e) {
      throw new CheckpointException("Cannot read " + modelUrl + ": " + e.getMessage(), e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every JVM has it
    }
  }
}
