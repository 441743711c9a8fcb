package dev.assay.job.workspace;

import dev.assay.job.files.Draft;
import dev.assay.job.files.Storage;
import dev.assay.job.files.Storages;
import dev.assay.job.lock.Hold;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Changes what a workspace shows: manifests, files, and what no manifest names any more.
 *
 * <p>A writer may have lost the workspace without noticing. So each change is verified first, and
 * is a move out of the writer's folder of drafts or into it, which its successor has removed
 * ({@link Hold}). Old folders are deleted only if they were listed before the writer was verified:
 * none of them can be a successor's.
 */
final class TableFiles {
  private static final Logger LOG = LoggerFactory.getLogger(TableFiles.class);

  private final Path workspace;
  private final FileSystem fileSystem;
  private final Storage storage;
  private final Hold hold;
  private final Manifests manifests;

  TableFiles(Path workspace, Configuration hadoop, Hold hold) throws IOException {
    this.workspace = workspace;
    this.fileSystem = workspace.getFileSystem(hadoop);
    this.storage = Storages.of(workspace, hadoop);
    this.hold = hold;
    this.manifests = Manifests.in(workspace.toString(), hadoop);
  }

  /** Makes sure that the workspace is still this writer's. */
  void verify() {
    hold.verify();
  }

  Path folder(String table) {
    return new Path(workspace, table);
  }

  /** A folder for files that {@link #commitFiles} will make visible. */
  Path stage(String output) {
    String name = output.replace('/', '-') + "-" + UUID.randomUUID().toString().substring(0, 8);
    return new Path(hold.drafts(), name);
  }

  /**
   * Replaces a table's manifest, and removes the folders of rows that are not kept.
   *
   * @param kept names of folders
   */
  void commit(String table, Manifest manifest, Set<String> kept) {
    try {
      publish(table, manifest);
      for (Path folder : folders(table, kept)) {
        fileSystem.delete(folder, true);
      }
    } catch (IOException e) {
      throw failed("Cannot commit table " + table, e);
    }
  }

  /**
   * Replaces a table's manifest, and removes folders that were {@link #unnamed} before.
   *
   * @param folders what is removed
   */
  void publish(String table, Manifest manifest, List<Path> folders) {
    try {
      publish(table, manifest);
      for (Path folder : folders) {
        fileSystem.delete(folder, true);
      }
    } catch (IOException e) {
      throw failed("Cannot commit table " + table, e);
    }
  }

  /** The folders beside a table's manifest that are not among its commits. */
  List<Path> unnamed(String table, List<String> commits) {
    try {
      return folders(table, Set.copyOf(commits));
    } catch (FileNotFoundException e) {
      return List.of();
    } catch (IOException e) {
      throw failed("Cannot read " + folder(table), e);
    }
  }

  /** Removes every folder in a folder without a manifest. */
  void clear(String name) {
    for (Path folder : unnamed(name, List.of())) {
      discard(folder);
    }
  }

  private void publish(String table, Manifest manifest) throws IOException {
    replace(manifests.file(table), manifest.toJson());
  }

  /** Replaces a small file that is not a manifest. Its folder is made where there is none. */
  void write(Path file, byte[] content) {
    try {
      fileSystem.mkdirs(file.getParent());
      replace(file, content);
    } catch (IOException e) {
      throw failed("Cannot write " + file, e);
    }
  }

  private void replace(Path file, byte[] content) throws IOException {
    try (Draft draft = storage.draft(file, hold.drafts(), out -> out.write(content))) {
      hold.verify();
      draft.publish();
    }
  }

  /** The folders beside a table's manifest, as they were when the hold was verified. */
  private List<Path> folders(String table, Set<String> kept) throws IOException {
    List<Path> found = new ArrayList<>();
    for (FileStatus child : fileSystem.listStatus(folder(table))) {
      if (child.isDirectory() && !kept.contains(child.getPath().getName())) {
        found.add(child.getPath());
      }
    }
    hold.verify();
    return found;
  }

  /**
   * Makes an output consist of exactly the files of a staged folder. What else lies beside them is
   * removed. The manifest is removed first and written last, so that a half changed output is none.
   */
  void commitFiles(String output, Path staged, Manifest manifest) {
    try {
      fileSystem.mkdirs(folder(output));
      removeManifest(output);
      for (FileStatus child : fileSystem.listStatus(folder(output))) {
        hold.verify();
        storage.discard(child.getPath(), hold.drafts());
      }
      for (FileStatus child : fileSystem.listStatus(staged)) {
        hold.verify();
        storage.move(child.getPath(), new Path(folder(output), child.getPath().getName()));
      }
      fileSystem.delete(staged, true);
      publish(output, manifest);
    } catch (IOException e) {
      throw failed("Cannot commit " + output, e);
    }
  }

  /** Removes a table: first its manifest, so that a half removed table is none. */
  void remove(String table) {
    try {
      removeManifest(table);
      for (Path folder : folders(table, Set.of())) {
        fileSystem.delete(folder, true);
      }
    } catch (IOException e) {
      throw failed("Cannot remove " + table, e);
    }
  }

  private void removeManifest(String table) throws IOException {
    Path manifest = manifests.file(table);
    hold.verify();
    if (fileSystem.exists(manifest)) {
      storage.discard(manifest, hold.drafts());
    }
  }

  /** Removes what was not committed. */
  void discard(Path path) {
    try {
      fileSystem.delete(path, true);
    } catch (FileNotFoundException e) {
      LOG.debug("{} is gone already", path);
    } catch (IOException e) {
      // Nobody reads it, and the next writer removes it.
      LOG.debug("Cannot remove {}", path, e);
    }
  }

  /** Where a step failed because the workspace was lost, that is what to report. */
  private UncheckedIOException failed(String what, IOException e) {
    hold.verify();
    return new UncheckedIOException(what + ": " + e.getMessage(), e);
  }
}
