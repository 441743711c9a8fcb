package dev.assay.image;

import dev.assay.item.BadItemException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * From what an image column says to the path of a file. The file system is not read. With a root,
 * no path leads out of it.
 *
 * <p>A plain path, relative or absolute, is taken literally: {@code %20} and {@code #} are
 * characters of its name. In a URI percent signs encode characters, as RFC 3986 has it.
 */
final class ImagePaths {
  private static final Pattern URI_PARTS =
      Pattern.compile("([A-Za-z][A-Za-z0-9+.-]+):(?://([^/]*))?(/.*)", Pattern.DOTALL);

  private final Path root; // absolute, with scheme; null if there is none
  private final Configuration hadoop;

  private ImagePaths(Path root, Configuration hadoop) {
    this.root = root;
    this.hadoop = hadoop;
  }

  /**
   * @param root a path or URI; null or empty if there is none
   * @throws IOException if the root's file system cannot be opened
   */
  static ImagePaths under(String root, Configuration hadoop) throws IOException {
    if (root == null || root.isEmpty()) {
      return new ImagePaths(null, hadoop);
    }
    Path path = new Path(root);
    return new ImagePaths(path.getFileSystem(hadoop).makeQualified(path), hadoop);
  }

  /** Absolute, with scheme; null if there is none. */
  Path root() {
    return root;
  }

  /**
   * The paths that may be meant, the most probable one first: of a URI with percent signs the
   * decoded path, then the literal one.
   *
   * @throws BadItemException {@code missing_image} for no path at all, {@code outside_image_root}
   * @throws IllegalArgumentException if it is not a path
   */
  List<Path> of(String pathOrUri) {
    if (pathOrUri == null || pathOrUri.isBlank()) {
      throw new BadItemException("missing_image", "an empty image path");
    }
    Matcher uri = URI_PARTS.matcher(pathOrUri);
    if (uri.matches()) {
      String path = uri.group(3);
      Path literal = underRoot(uri(uri.group(1), uri.group(2), path), pathOrUri);
      String decoded = decoded(path);
      return decoded.equals(path)
          ? List.of(literal)
          : List.of(underRoot(uri(uri.group(1), uri.group(2), decoded), pathOrUri), literal);
    }
    boolean absolute = pathOrUri.startsWith("/");
    if (root == null) {
      if (absolute) {
        return List.of(new Path(null, null, pathOrUri));
      }
      throw new BadItemException(
          "missing_image", InlineImage.shown(pathOrUri) + " is relative and no image root is set");
    }
    // Made of parts: a file name may hold a colon, which a Path made of one text takes for a
    // scheme.
    URI base = root.toUri();
    String full = absolute ? pathOrUri : base.getPath() + "/" + pathOrUri;
    return List.of(underRoot(new Path(base.getScheme(), base.getAuthority(), full), pathOrUri));
  }

  /** The path in its file system, completed from the default one as Hadoop does it. */
  private Path uri(String anyCaseScheme, String authority, String path) {
    String scheme = anyCaseScheme.toLowerCase(Locale.ROOT);
    String host = authority == null || authority.isEmpty() ? null : authority;
    if (scheme.equals("file") && "localhost".equals(host)) {
      host = null;
    }
    URI standard = FileSystem.getDefaultUri(hadoop);
    if (host == null && scheme.equals(standard.getScheme())) {
      host = standard.getAuthority();
    }
    return new Path(scheme, host, path);
  }

  /** With its percent signs decoded as UTF-8; as it is if they encode nothing. */
  private static String decoded(String path) {
    if (path.indexOf('%') < 0) {
      return path;
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(path.length());
    for (int i = 0; i < path.length(); ) {
      int value = i + 2 < path.length() ? hex(path.charAt(i + 1), path.charAt(i + 2)) : -1;
      if (path.charAt(i) == '%' && value >= 0) {
        bytes.write(value);
        i += 3;
      } else {
        int next = path.offsetByCodePoints(i, 1);
        bytes.writeBytes(path.substring(i, next).getBytes(StandardCharsets.UTF_8));
        i = next;
      }
    }
    String text = bytes.toString(StandardCharsets.UTF_8);
    return text.indexOf('\ufffd') >= 0 ? path : text; // not UTF-8, so not encoded
  }

  private static int hex(char high, char low) {
    int h = Character.digit(high, 16);
    int l = Character.digit(low, 16);
    return h < 0 || l < 0 ? -1 : h << 4 | l;
  }

  private Path underRoot(Path path, String named) {
    if (root == null) {
      return path;
    }
    URI file = path.toUri().normalize(); // Hadoop has resolved ".." by now, as far as it could
    URI base = root.toUri();
    boolean sameFileSystem =
        Objects.equals(file.getScheme(), base.getScheme())
            && Objects.equals(file.getAuthority(), base.getAuthority());
    if (!sameFileSystem
        || !file.getPath().startsWith(folder())
        || file.getPath().contains("/../")
        || file.getPath().endsWith("/..")) {
      throw new BadItemException(
          "outside_image_root", InlineImage.shown(named) + " is not under " + root);
    }
    return path;
  }

  /** The root's path with a slash at its end; a slash alone if there is no root. */
  String folder() {
    String path = root == null ? "/" : root.toUri().getPath();
    return path.endsWith("/") ? path : path + "/";
  }
}
