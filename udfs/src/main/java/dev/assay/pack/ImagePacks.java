package dev.assay.pack;

import dev.assay.item.EncodedImage;
import java.io.Closeable;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * Reads images from packs by position. A pack is opened once and stays open, at most {@value #OPEN}
 * of them. Thread-safe.
 *
 * <p>A member's name holds the hash of its bytes, and each read compares the two. A pack that is
 * missing, shorter or damaged is a storage error: it says nothing about the image.
 */
public final class ImagePacks implements Closeable {
  private static final String ROOT = "packs:";
  private static final int MAX_BYTES = 256 << 20;

  /** Rows mostly come in the order of packs; a task with three threads reads from few at a time. */
  private static final int OPEN = 16;

  private final Path folder;
  private final Configuration hadoop;
  private final Map<String, OpenPack> packs = new LinkedHashMap<>(16, 0.75f, true);

  private ImagePacks(Path folder, Configuration hadoop) {
    this.folder = folder;
    this.hadoop = hadoop;
  }

  /** What stands for a folder of packs where an image root is asked for. */
  public static String root(String folder) {
    return ROOT + folder;
  }

  /** Whether an image root is a folder of packs. */
  public static boolean isRoot(String imageRoot) {
    return imageRoot != null && imageRoot.startsWith(ROOT);
  }

  /**
   * The packs of a folder. No other file is ever read.
   *
   * @param root as {@link #root} makes it
   */
  public static ImagePacks at(String root, Configuration hadoop) {
    return new ImagePacks(new Path(root.substring(ROOT.length())), hadoop);
  }

  /**
   * Reads an image whole.
   *
   * @param image the text of a {@link PackedImage}
   * @throws UncheckedIOException if the storage fails, or holds something else at this place
   */
  public EncodedImage read(String image) {
    try {
      PackedImage place =
          PackedImage.parse(image)
              .orElseThrow(() -> new IOException("it is in no pack; run ingest again"));
      return read(place);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the image " + image + ": " + reason(e), e);
    }
  }

  private EncodedImage read(PackedImage place) throws IOException {
    if (place.offset() < PackStream.HEADER_BYTES || place.length() > MAX_BYTES) {
      throw damaged("no image can be there");
    }
    byte[] member = new byte[PackStream.HEADER_BYTES + place.length()];
    pack(place.pack()).read(place.offset() - PackStream.HEADER_BYTES, member);
    EncodedImage image =
        EncodedImage.of(Arrays.copyOfRange(member, PackStream.HEADER_BYTES, member.length));
    String hash = new String(member, 0, PackStream.HASH_CHARACTERS, StandardCharsets.ISO_8859_1);
    if (!hash.equals(image.key())) {
      throw damaged("its bytes are not those that were packed");
    }
    return image;
  }

  private synchronized OpenPack pack(String name) {
    OpenPack pack = packs.computeIfAbsent(name, n -> new OpenPack(new Path(folder, n), hadoop));
    int others = packs.size() - OPEN;
    for (OpenPack oldest : packs.values()) { // least recently used first
      if (others-- <= 0) {
        break;
      }
      oldest.close();
    }
    return pack;
  }

  private static IOException damaged(String why) {
    return new IOException(why + "; " + heal());
  }

  private static String heal() {
    return "run ingest with assay.ingest.rehash=true, which packs all images again";
  }

  private static String reason(IOException e) {
    if (e instanceof EOFException) {
      return "the pack is shorter than it was; " + heal();
    }
    return e instanceof FileNotFoundException
        ? "there is no such pack any more; " + heal()
        : Objects.requireNonNullElse(e.getMessage(), e.toString());
  }

  @Override
  public synchronized void close() {
    packs.values().forEach(OpenPack::close);
  }
}
