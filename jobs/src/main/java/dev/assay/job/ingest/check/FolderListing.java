package dev.assay.job.ingest.check;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.text.Normalizer;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
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
      if (names.size() <= FEW || !list(fileSystem, names, found)) {
        lookUp(fileSystem, names, found);
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

  /** False if the folder may not be listed. Its files may be readable all the same. */
  private boolean list(FileSystem fileSystem, Set<String> names, Consumer<FileStatus> found) {
    Set<String> composed = new HashSet<>();
    names.forEach(name -> composed.add(composed(name)));
    Set<FileStatus> files = new LinkedHashSet<>();
    for (Path form : forms(folder)) {
      try {
        RemoteIterator<FileStatus> listed = fileSystem.listStatusIterator(form);
        while (listed.hasNext()) {
          FileStatus file = listed.next();
          if (file.isFile() && composed.contains(composed(file.getPath().getName()))) {
            files.add(file);
          }
        }
      } catch (FileNotFoundException e) {
        continue; // the folder is not there in this form
      } catch (IOException e) {
        return false;
      }
    }
    files.forEach(found);
    return true;
  }

  private void lookUp(FileSystem fileSystem, Set<String> names, Consumer<FileStatus> found)
      throws IOException {
    Set<Path> paths = new LinkedHashSet<>();
    names.forEach(name -> paths.addAll(forms(child(name))));
    for (Path path : paths) {
      try {
        FileStatus file = fileSystem.getFileStatus(path);
        if (file.isFile()) {
          found.accept(file);
        }
      } catch (FileNotFoundException | AccessControlException e) {
        continue; // goes to quarantine when its item is checked
      }
    }
  }

  /** Built from parts: a name may hold a colon, which a Path made of text takes for a scheme. */
  private Path child(String name) {
    return at(folder.toUri().getPath() + "/" + name);
  }

  private Path at(String path) {
    return new Path(folder.toUri().getScheme(), folder.toUri().getAuthority(), path);
  }

  private Set<Path> forms(Path path) {
    String text = path.toUri().getPath();
    Set<Path> forms = new LinkedHashSet<>();
    for (String form :
        new String[] {text, composed(text), Normalizer.normalize(text, Normalizer.Form.NFD)}) {
      forms.add(at(form));
    }
    return forms;
  }

  private static String composed(String text) {
    return Normalizer.normalize(text, Normalizer.Form.NFC);
  }
}
