package dev.assay.image;

import dev.assay.image.pixels.BadImage;
import dev.assay.item.BadItemException;
import dev.assay.item.EncodedImage;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.text.Normalizer;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.ParentNotDirectoryException;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.UnsupportedFileSystemException;
import org.apache.hadoop.ipc.RemoteException;

/**
 * Reads the images that an image column names: files on any Hadoop file system, by path or URI, and
 * images that the column holds itself ({@code data:image/png;base64,…}). With a root, no file
 * outside it is ever read: neither by {@code ..}, nor by an absolute path, nor (on the local file
 * system) by a symbolic link.
 *
 * <p>A file name with accents is found whether its letters are composed (NFC) or decomposed (NFD)
 * on disk: data sets are made on systems that store either.
 */
public final class ImageFolder {
  private static final long MAX_BYTES = 256L << 20;
  private static final int MAX_PATH_CHARACTERS = 4096; // of Linux; others allow less

  private final ImagePaths paths;
  private final Configuration hadoop;

  private ImageFolder(ImagePaths paths, Configuration hadoop) {
    this.paths = paths;
    this.hadoop = hadoop;
  }

  /**
   * @param root a path or URI; null or empty if the images' own paths are absolute
   * @throws IllegalArgumentException if the root's file system is not known
   */
  public static ImageFolder at(String root, Configuration hadoop) {
    try {
      return new ImageFolder(ImagePaths.under(root, hadoop), hadoop);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "Cannot use the image root " + root + ": " + e.getMessage(), e);
    }
  }

  /** An image column for messages: an image that it holds itself is cut off. */
  public static String shown(String image) {
    return InlineImage.shown(image);
  }

  /** Whether an image column holds the image itself, and not its path. */
  public static boolean isInline(String image) {
    return InlineImage.is(image);
  }

  /**
   * Where an image's path may lead, the most probable path first, without looking whether a file is
   * there. A URI with percent signs may mean the decoded path or the literal one.
   *
   * @throws BadItemException {@code missing_image}, {@code outside_image_root}, {@code
   *     unreadable_image} if it is not a path, or is an image itself
   */
  public List<Path> locate(String pathOrUri) {
    return candidates(pathOrUri);
  }

  /**
   * Reads an image whole, at most 256 MiB of it.
   *
   * @param image a path relative to the root, an absolute path, a URI, or the image itself in
   *     base64
   * @throws BadItemException what is wrong with the item: {@code missing_image}, {@code
   *     outside_image_root}, {@code unreadable_image}, {@code empty_image}, {@code oversized_file}
   * @throws UncheckedIOException what is wrong with the storage, permissions included: the same
   *     image may be readable later
   */
  public EncodedImage read(String image) {
    if (InlineImage.is(image)) {
      return EncodedImage.of(InlineImage.bytes(image, MAX_BYTES));
    }
    List<Path> candidates = candidates(image);
    try {
      return EncodedImage.of(read(candidates, InlineImage.shown(image)));
    } catch (UnsupportedFileSystemException e) {
      throw BadImage.unreadable(InlineImage.shown(image) + ": " + e.getMessage());
    } catch (IOException e) {
      throw new UncheckedIOException(failed(candidates.get(0), e), e);
    } catch (IllegalArgumentException e) {
      if (e.getCause() instanceof IOException cause) { // so Hadoop reports an unknown host
        throw new UncheckedIOException(failed(candidates.get(0), cause), cause);
      }
      throw BadImage.unreadable(InlineImage.shown(image) + ": " + e.getMessage());
    }
  }

  private static String failed(Path path, IOException cause) {
    String why =
        cause instanceof EOFException
            ? "it is shorter now than when it was opened"
            : Objects.requireNonNullElse(cause.getMessage(), cause.toString());
    return "Cannot read the image " + path + ": " + why;
  }

  private List<Path> candidates(String image) {
    if (InlineImage.is(image)) {
      throw BadImage.unreadable(InlineImage.shown(image) + " is no path");
    }
    if (image != null && image.length() > MAX_PATH_CHARACTERS) {
      throw new BadItemException(
          "missing_image",
          InlineImage.shown(image) + " has " + image.length() + " characters, too many for a path");
    }
    if (image != null && image.matches("(?i)https?://.*")) {
      throw BadImage.unreadable(
          InlineImage.shown(image) + ": images are not fetched from the web; download them first");
    }
    try {
      return paths.of(image);
    } catch (IllegalArgumentException e) {
      throw BadImage.unreadable(InlineImage.shown(image) + ": " + e.getMessage());
    }
  }

  private byte[] read(List<Path> candidates, String named) throws IOException {
    for (Path path : candidates) {
      FileSystem fileSystem = fileSystem(path);
      FileStatus status = status(fileSystem, path);
      if (status == null && !isAscii(path)) {
        status = otherForm(fileSystem, path);
      }
      if (status != null) {
        return read(fileSystem, status, named);
      }
    }
    throw new BadItemException("missing_image", named + " does not exist");
  }

  private byte[] read(FileSystem fileSystem, FileStatus status, String named) throws IOException {
    Path path = status.getPath();
    try {
      refuseLinkOutside(path, named);
      if (!status.isFile()) {
        throw BadImage.unreadable(named + " is not a file");
      }
      if (status.getLen() == 0) {
        throw new BadItemException("empty_image", named + " has no bytes");
      }
      if (status.getLen() > MAX_BYTES) {
        throw new BadItemException(
            "oversized_file", named + " has " + status.getLen() + " bytes, over " + MAX_BYTES);
      }
      byte[] bytes = new byte[(int) status.getLen()];
      try (FSDataInputStream in = fileSystem.open(path)) {
        in.readFully(bytes);
      }
      return bytes;
    } catch (FileNotFoundException | NoSuchFileException e) {
      if (status(fileSystem, path) != null) { // there, but not ours to read
        throw e;
      }
      throw new BadItemException("missing_image", named + " does not exist any more");
    }
  }

  /** What the file system knows about a path; null if there is nothing. */
  private static FileStatus status(FileSystem fileSystem, Path path) throws IOException {
    try {
      return fileSystem.getFileStatus(path);
    } catch (FileNotFoundException | ParentNotDirectoryException e) {
      return null;
    } catch (RemoteException e) {
      IOException cause = e.unwrapRemoteException();
      if (cause instanceof FileNotFoundException || cause instanceof ParentNotDirectoryException) {
        return null;
      }
      throw cause;
    }
  }

  /**
   * A file whose path differs only in how accents are composed, folder by folder; null if there is
   * none.
   */
  private FileStatus otherForm(FileSystem fileSystem, Path path) throws IOException {
    String full = path.toUri().getPath();
    String parent = full.startsWith(paths.folder()) ? paths.folder() : "/";
    FileStatus found = null;
    for (String name : full.substring(parent.length()).split("/")) {
      found = null;
      for (String form : forms(name)) {
        if (found == null) {
          String child = parent + form;
          found =
              status(
                  fileSystem,
                  new Path(path.toUri().getScheme(), path.toUri().getAuthority(), child));
          parent = found == null ? parent : child + "/";
        }
      }
      if (found == null) {
        return null;
      }
    }
    return found;
  }

  private static Set<String> forms(String name) {
    Set<String> forms = new LinkedHashSet<>();
    forms.add(name);
    forms.add(Normalizer.normalize(name, Normalizer.Form.NFC));
    forms.add(Normalizer.normalize(name, Normalizer.Form.NFD));
    return forms;
  }

  private static boolean isAscii(Path path) {
    return path.toUri().getPath().chars().allMatch(c -> c < 128);
  }

  /** The local one without its checksum files, which cannot be named after a file with a colon. */
  private FileSystem fileSystem(Path path) throws IOException {
    FileSystem fileSystem = path.getFileSystem(hadoop);
    return fileSystem instanceof LocalFileSystem local ? local.getRawFileSystem() : fileSystem;
  }

  private void refuseLinkOutside(Path path, String named) throws IOException {
    Path root = paths.root();
    if (root == null || !"file".equals(root.toUri().getScheme())) {
      return;
    }
    java.nio.file.Path real = java.nio.file.Path.of(path.toUri().getPath()).toRealPath();
    java.nio.file.Path base = java.nio.file.Path.of(root.toUri().getPath()).toRealPath();
    if (!real.startsWith(base)) {
      throw new BadItemException("outside_image_root", named + " is a link out of " + root);
    }
  }
}
