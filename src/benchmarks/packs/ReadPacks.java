import dev.assay.item.ContentHash;
import dev.assay.item.EncodedImage;
import dev.assay.pack.ImagePacks;
import dev.assay.pack.PackStream;
import dev.assay.pack.PackedImage;
import dev.assay.udf.rows.ItemReader;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;

/** Reads the same images from files and from packs. Arguments: FOLDER IMAGES BYTES ROUNDS. */
public class ReadPacks {
  private static final long PACK_BYTES = 256L << 20;

  /** An image column and the content hash of the row. */
  private record Row(String image, String hash) {}

  private record Time(double seconds, double processor) {}

  private record Ways(List<Row> files, List<Row> packed) {}

  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[0]).toAbsolutePath();
    int images = Integer.parseInt(arguments[1]);
    Ways ways = write(folder, images, Integer.parseInt(arguments[2]));
    List<Row> shuffled = new ArrayList<>(ways.packed());
    Collections.shuffle(shuffled, new Random(1));
    String files = folder.resolve("images").toUri().toString();
    String packs = ImagePacks.root(folder.resolve("packs").toUri().toString());
    Map<String, List<Time>> times = new LinkedHashMap<>();
    for (int round = -1; round < Integer.parseInt(arguments[3]); round++) { // the first warms up
      Map<String, Time> these = new LinkedHashMap<>();
      these.put("files", read(ways.files(), files));
      these.put("packs", read(ways.packed(), packs));
      these.put("packs, random order", read(shuffled, packs));
      if (round >= 0) {
        these.forEach((way, time) -> times.computeIfAbsent(way, w -> new ArrayList<>()).add(time));
      }
    }
    List<Time> base = times.get("files");
    times.forEach((way, all) -> print(way, all, base, images));
  }

  private static Ways write(Path folder, int images, int bytes) throws IOException {
    Path names = Files.createDirectories(folder.resolve("images"));
    Path packs = Files.createDirectories(folder.resolve("packs"));
    List<Row> files = new ArrayList<>();
    List<Row> packed = new ArrayList<>();
    Random random = new Random(1);
    long written = PACK_BYTES;
    String pack = null;
    OutputStream out = null;
    PackStream stream = null;
    for (int i = 0; i < images; i++) {
      EncodedImage image = image(random, bytes);
      String hash = ContentHash.of("text", image.bytes());
      String name = String.format(Locale.ROOT, "%02d/%d.png", i % 100, i);
      Files.createDirectories(names.resolve(name).getParent());
      Files.write(names.resolve(name), image.bytes());
      files.add(new Row(name, hash));
      if (written >= PACK_BYTES) {
        finish(stream, out);
        pack = String.format(Locale.ROOT, "%032x.tar", i);
        out = new BufferedOutputStream(Files.newOutputStream(packs.resolve(pack)));
        stream = new PackStream(out);
      }
      long offset = stream.add(image);
      written = offset + bytes;
      packed.add(new Row(new PackedImage(pack, offset, bytes, name).toString(), hash));
    }
    finish(stream, out);
    return new Ways(files, packed);
  }

  private static void finish(PackStream stream, OutputStream out) throws IOException {
    if (stream != null) {
      stream.finish();
      out.close();
    }
  }

  private static EncodedImage image(Random random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    byte[] start = "\u0089PNG\r\n\u001a\n".getBytes(StandardCharsets.ISO_8859_1);
    System.arraycopy(start, 0, bytes, 0, start.length);
    return EncodedImage.of(bytes);
  }

  private static Time read(List<Row> rows, String root) {
    ItemReader reader = ItemReader.at(root, new Configuration());
    double used = used();
    long start = System.nanoTime();
    for (Row row : rows) {
      reader.item("text", row.image(), row.hash());
    }
    return new Time((System.nanoTime() - start) / 1e9, used() - used);
  }

  private static double used() {
    return ProcessHandle.current().info().totalCpuDuration().orElseThrow().toMillis() / 1e3;
  }

  private static void print(String way, List<Time> all, List<Time> base, int images) {
    double[] seconds = all.stream().mapToDouble(Time::seconds).sorted().toArray();
    double[] processor = all.stream().mapToDouble(Time::processor).sorted().toArray();
    double[] ratios = new double[all.size()];
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] = base.get(i).seconds() / all.get(i).seconds();
    }
    Arrays.sort(ratios);
    int middle = ratios.length / 2;
    System.out.printf(
        Locale.ROOT,
        "%-20s %6.2f s  %6.2f s processor  %7.0f images/s  %.2f x files (%.2f to %.2f)%n",
        way,
        seconds[middle],
        processor[middle],
        images / seconds[middle],
        ratios[middle],
        ratios[0],
        ratios[ratios.length - 1]);
  }
}
