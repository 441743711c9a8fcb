package dev.assay.image;

import dev.assay.item.BadItemException;
import dev.assay.item.EncodedImage;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.util.Objects;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Where the image column's paths lead, on any Hadoop file system. With a root, nothing outside it
 * is ever read: neither by {@code ..}, nor by an absolute path, nor (on the local file system) by a
 * symbolic link.
 */
public final class ImageFolder {
  private static final long MAX_BYTES = 256L << 20;

  private final Path root; // absolute, with scheme; null if there is none
  private final Configuration hadoop;

  private ImageFolder(Path root, Configuration hadoop) {
    this.root = root;
    this.hadoop = hadoop;
  }

  /**
   * @param root a path or URI; null if the images' own paths are absolute
   * @throws IllegalArgumentException if the root's file system is not known
   */
  public static ImageFolder at(String root, Configuration hadoop) {
    if (root == null || root.isEmpty()) {
      return new ImageFolder(null, hadoop);
    }
    try {
      Path path = new Path(root);
      return new ImageFolder(path.getFileSystem(hadoop).makeQualified(path), hadoop);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "Cannot use the image root " + root + ": " + e.getMessage(), e);
    }
  }

  /**
   * Reads an image file whole, at most 256 MiB of it.
   *
   * @param pathOrUri relative to the root, or absolute
   * @throws BadItemException {@code missing_image}, {@code outside_image_root}, {@code
   *     unreadable_image}, {@code empty_image}, {@code oversized_file}
   */
  public EncodedImage read(String pathOrUri) {
    try {
      Path path = resolve(pathOrUri);
      FileSystem fileSystem = fileSystem(path);
      FileStatus status = fileSystem.getFileStatus(path);
      refuseLinkOutside(path, pathOrUri);
      if (!status.isFile()) {
        throw new BadItemException("unreadable_image", pathOrUri + " is not a file");
      }
      if (status.getLen() == 0) {
        throw new BadItemException("empty_image", pathOrUri + " has no bytes");
      }
      if (status.getLen() > MAX_BYTES) {
        throw new BadItemException(
            "oversized_file", pathOrUri + " has " + status.getLen() + " bytes, over " + MAX_BYTES);
      }
      byte[] bytes = new byte[(int) status.getLen()];
      try (FSDataInputStream in = fileSystem.open(path)) {
        in.readFully(bytes);
      }
      return EncodedImage.of(bytes);
    } catch (FileNotFoundException e) {
      throw new BadItemException("missing_image", pathOrUri + " does not exist or may not be read");
    } catch (IOException | IllegalArgumentException e) {
      throw new BadItemException("unreadable_image", pathOrUri + ": " + e.getMessage());
    }
  }

  /**
   * Where an image's path leads, without looking whether it is there.
   *
   * @throws BadItemException {@code missing_image}, {@code outside_image_root}
   */
  public Path locate(String pathOrUri) {
    return resolve(pathOrUri);
  }

  /** The local one without its checksum files, which cannot be named after a file with a colon. */
  private FileSystem fileSystem(Path path) throws IOException {
    FileSystem fileSystem = path.getFileSystem(hadoop);
    return fileSystem instanceof LocalFileSystem local ? local.getRawFileSystem() : fileSystem;
  }

  private Path resolve(String pathOrUri) {
    if (pathOrUri == null || pathOrUri.isBlank()) {
      throw new BadItemException("missing_image", "an empty image path");
    }
    if (pathOrUri.startsWith("/") || pathOrUri.matches("[A-Za-z][A-Za-z0-9+.-]+:/.*")) {
      return underRoot(absolute(pathOrUri), pathOrUri);
    }
    if (root == null) {
      throw new BadItemException(
          "missing_image", pathOrUri + " is relative and no image root is set");
    }
    // Built from parts: a file name may hold a colon, which a Path made of text takes for a scheme.
    URI base = root.toUri();
    String full = base.getPath() + "/" + pathOrUri;
    return underRoot(new Path(base.getScheme(), base.getAuthority(), full), pathOrUri);
  }

  /** Gives a path without a scheme the root's, so that both can be compared. */
  private Path absolute(String pathOrUri) {
    if (pathOrUri.startsWith("/") && root != null) {
      return new Path(root.toUri().getScheme(), root.toUri().getAuthority(), pathOrUri);
    }
    return new Path(pathOrUri);
  }

  /** Hadoop has resolved {@code ..} by now, as far as it could. */
  private Path underRoot(Path path, String named) {
    if (root == null) {
      return path;
    }
    URI file = path.toUri().normalize();
    URI base = root.toUri();
    String folder = base.getPath().endsWith("/") ? base.getPath() : base.getPath() + "/";
    boolean sameFileSystem =
        Objects.equals(file.getScheme(), base.getScheme())
            && Objects.equals(file.getAuthority(), base.getAuthority());
    if (!sameFileSystem
        || !file.getPath().startsWith(folder)
        || file.getPath().contains("/../")
        || file.getPath().endsWith("/..")) {
      throw new BadItemException("outside_image_root", named + " is not under " + root);
    }
    return path;
  }

  private void refuseLinkOutside(Path path, String named) throws IOException {
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
