package dev.assay.job.ingest.images;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.ParentNotDirectoryException;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.hadoop.security.AccessControlException;

/**
 * Finds files of one folder by name. A name is found in either Unicode form: a composed "é" in the
 * input matches a decomposed one on disk. Many names cost one listing, which HDFS and object stores
 * answer a thousand files at a time; few names are looked up one by one, since the folder may hold
 * millions of others.
 */
record FolderListing(Path folder, Configuration hadoop) {
  private static final int FEW = 8;

  /**
   * Passes on every file that has one of these names. A name without a file is passed over.
   *
   * @throws UncheckedIOException if the storage fails
   */
  void forEachFile(Set<String> names, Consumer<FileStatus> found) {
    try {
      FileSystem fileSystem = fileSystem();
      Path existing = existing(fileSystem);
      if (existing != null && (names.size() <= FEW || !list(fileSystem, existing, names, found))) {
        lookUp(fileSystem, existing, names, found);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + folder + ": " + e.getMessage(), e);
    }
  }

  /** The local one without its checksum files, which cannot be named after a file with a colon. */
  private FileSystem fileSystem() throws IOException {
    FileSystem fileSystem = folder.getFileSystem(hadoop);
    return fileSystem instanceof LocalFileSystem local ? local.getRawFileSystem() : fileSystem;
  }

  /** The folder as the disk spells it, each part of its path in either form; null for none. */
  private Path existing(FileSystem fileSystem) throws IOException {
    String path = folder.toUri().getPath();
    if (path.chars().allMatch(c -> c < 128) || status(fileSystem, folder) != null) {
      return folder;
    }
    Path found = at("/");
    for (String name : path.substring(1).split("/")) {
      Path parent = found;
      found = null;
      for (String form : forms(name)) {
        if (found == null && status(fileSystem, child(parent, form)) != null) {
          found = child(parent, form);
        }
      }
      if (found == null) {
        return null;
      }
    }
    return found;
  }

  /** False if the folder may not be listed. Its files may be readable all the same. */
  private static boolean list(
      FileSystem fileSystem, Path existing, Set<String> names, Consumer<FileStatus> found) {
    Set<String> composed = new HashSet<>();
    names.forEach(name -> composed.add(composed(name)));
    List<FileStatus> files = new ArrayList<>();
    try {
      RemoteIterator<FileStatus> listed = fileSystem.listStatusIterator(existing);
      while (listed.hasNext()) {
        FileStatus file = listed.next();
        if (file.isFile() && composed.contains(composed(file.getPath().getName()))) {
          files.add(file);
        }
      }
    } catch (IOException e) {
      return false;
    }
    files.forEach(found);
    return true;
  }

  private void lookUp(
      FileSystem fileSystem, Path existing, Set<String> names, Consumer<FileStatus> found)
      throws IOException {
    Set<String> forms = new LinkedHashSet<>();
    names.forEach(name -> forms.addAll(forms(name)));
    for (String name : forms) {
      FileStatus file = status(fileSystem, child(existing, name));
      if (file != null && file.isFile()) {
        found.accept(file);
      }
    }
  }

  /** Null for a path that does not exist or that this user may not see. */
  private static FileStatus status(FileSystem fileSystem, Path path) throws IOException {
    try {
      return fileSystem.getFileStatus(path);
    } catch (FileNotFoundException | ParentNotDirectoryException | AccessControlException e) {
      return null; // its item is checked by reading it
    }
  }

  /** Built from parts: a name may hold a colon, which a Path made of text takes for a scheme. */
  private Path child(Path parent, String name) {
    return at(parent.toUri().getPath() + "/" + name);
  }

  private Path at(String path) {
    return new Path(folder.toUri().getScheme(), folder.toUri().getAuthority(), path);
  }

  private static Set<String> forms(String name) {
    Set<String> forms = new LinkedHashSet<>();
    forms.add(name);
    forms.add(composed(name));
    forms.add(Normalizer.normalize(name, Normalizer.Form.NFD));
    return forms;
  }

  private static String composed(String text) {
    return Normalizer.normalize(text, Normalizer.Form.NFC);
  }
}
