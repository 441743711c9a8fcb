package dev.assay.retrieval;

import ai.djl.Device;
import com.sun.management.OperatingSystemMXBean;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Seconds of an exact search, for {@code src/benchmarks/retrieval/flat.py}, which writes the
 * vectors, says when to search, and reads what was found. Not a test.
 *
 * <p>Arguments: FOLDER DIMENSIONS K THREADS [PRECISION]. Each thread searches for its part of the
 * queries, with one thread of the engine. A line on standard input starts a search; its seconds,
 * and those of processor time, are printed.
 */
final class RetrievalBench {
  private static final int BLOCK = 4096;
  private static final OperatingSystemMXBean SYSTEM =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  private final int k;
  private final FirstPass precision; // null: as Assay chooses
  private final float[] queries;
  private final List<CandidateBlock> candidates;
  private final int dimensions;

  private RetrievalBench(Path folder, int dimensions, int k, FirstPass precision)
      throws IOException {
    this.k = k;
    this.precision = precision;
    this.dimensions = dimensions;
    try (FileChannel file = FileChannel.open(folder.resolve("queries.f32"))) {
      this.queries = floats(file, 0, (int) (file.size() / Float.BYTES));
    }
    try (FileChannel file = FileChannel.open(folder.resolve("candidates.f32"))) {
      long rows = file.size() / Float.BYTES / dimensions;
      this.candidates =
          IntStream.range(0, (int) ((rows + BLOCK - 1) / BLOCK))
              .mapToObj(block -> block(file, block * BLOCK, rows))
              .toList();
    }
  }

  public static void main(String[] args) throws IOException {
    Path folder = Path.of(args[0]);
    int threads = Integer.parseInt(args[3]);
    FirstPass precision = args.length > 4 ? FirstPass.valueOf(args[4]) : null;
    RetrievalBench bench =
        new RetrievalBench(folder, Integer.parseInt(args[1]), Integer.parseInt(args[2]), precision);
    System.out.println(
        precision == null ? "at best " + Multiplier.on(Device.cpu()).fastest() : precision);
    BufferedReader commands = new BufferedReader(new InputStreamReader(System.in));
    while (commands.readLine() != null) {
      long start = System.nanoTime();
      long processors = SYSTEM.getProcessCpuTime();
      int[] found = bench.search(threads);
      double seconds = (System.nanoTime() - start) / 1e9;
      double busy = (SYSTEM.getProcessCpuTime() - processors) / 1e9;
      System.out.printf(Locale.ROOT, "%.3f %.3f%n", seconds, busy);
      ByteBuffer bytes = ByteBuffer.allocate(found.length * 4).order(ByteOrder.LITTLE_ENDIAN);
      bytes.asIntBuffer().put(found);
      Files.write(folder.resolve("found.i32"), bytes.array());
    }
  }

  /** The places of the candidates found, [queries, k]. */
  private int[] search(int threads) {
    int all = queries.length / dimensions;
    int[] found = new int[all * k];
    List<Thread> running =
        IntStream.range(0, threads)
            .mapToObj(
                t -> {
                  int from = (int) ((long) all * t / threads);
                  int to = (int) ((long) all * (t + 1) / threads);
                  return new Thread(() -> search(from, to, found));
                })
            .toList();
    running.forEach(Thread::start);
    for (Thread thread : running) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
    return found;
  }

  private void search(int from, int to, int[] found) {
    Exclusion[] exclusions = new Exclusion[to - from];
    Arrays.fill(exclusions, Exclusion.none());
    float[] vectors = Arrays.copyOfRange(queries, from * dimensions, to * dimensions);
    QueryBlock block = new QueryBlock(new String[to - from], exclusions, vectors);
    try (ExactTopK search = searchFor(block)) {
      candidates.forEach(search::add);
      for (int query = from; query < to; query++) {
        int at = query * k;
        for (Hit hit : search.retrieved(query - from)) {
          found[at++] = Integer.parseInt(hit.candidateId());
        }
      }
    }
  }

  private ExactTopK searchFor(QueryBlock block) {
    return precision == null
        ? new ExactTopK(block, k, Device.cpu())
        : new ExactTopK(block, k, Device.cpu(), precision, 1L << 40);
  }

  private CandidateBlock block(FileChannel file, int from, long all) {
    int size = (int) Math.min(BLOCK, all - from);
    String[] ids = new String[size];
    Arrays.setAll(ids, i -> String.format(Locale.ROOT, "%08d", from + i));
    try {
      long at = (long) from * dimensions * Float.BYTES;
      return new CandidateBlock(ids, new String[size], floats(file, at, size * dimensions));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static float[] floats(FileChannel file, long at, int count) throws IOException {
    FloatBuffer mapped =
        file.map(FileChannel.MapMode.READ_ONLY, at, (long) count * Float.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN)
            .asFloatBuffer();
    float[] floats = new float[count];
    mapped.get(floats);
    return floats;
  }
}
