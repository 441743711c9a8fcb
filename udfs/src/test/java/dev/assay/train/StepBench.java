package dev.assay.train;

import ai.djl.Device;
import com.sun.management.OperatingSystemMXBean;
import dev.assay.checkpoint.CheckpointFolder;
import dev.assay.checkpoint.adapter.LoraConfig;
import dev.assay.checkpoint.adapter.TargetModules;
import dev.assay.item.EncodedImage;
import dev.assay.item.Item;
import dev.assay.model.Precision;
import dev.assay.model.training.Tuning;
import dev.assay.train.loss.OwnNegatives;
import dev.assay.train.optimizer.AdamW;
import dev.assay.train.optimizer.Norm;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.imageio.ImageIO;
import org.apache.hadoop.conf.Configuration;

/**
 * Seconds of a training step, and of processor time, to be held against {@code
 * src/benchmarks/training-step/torch_step.py}, which trains on the same texts. Not a test.
 *
 * <p>Arguments: CHECKPOINT [QUERIES NEGATIVES WORDS STEPS MAX_TOKENS RECOMPUTE PRECISION SIDE]
 */
final class StepBench {
  private static final List<String> WORDS =
      List.of(
          "a large small red green blue yellow circle square triangle star left of right above below the and"
              .split(" "));

  private static final OperatingSystemMXBean PROCESS =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

  private StepBench() {}

  public static void main(String[] args) throws IOException {
    int queries = argument(args, 1, 4);
    int negatives = argument(args, 2, 8);
    int words = argument(args, 3, 24);
    boolean recompute = args.length > 6 && Boolean.parseBoolean(args[6]);
    int side = argument(args, 8, 0);
    Precision precision = args.length > 7 ? Precision.valueOf(args[7]) : Precision.FLOAT32;
    LoraConfig lora =
        new LoraConfig(
            16,
            64,
            0,
            TargetModules.matching("model\\.layers.*\\.(q_proj|k_proj|v_proj|o_proj|down_proj)"),
            false);
    try (EmbedderReplica replica =
        EmbedderReplica.load(
            CheckpointFolder.open(args[0], new Configuration()),
            Device.cpu(),
            precision,
            new Tuning.Lora(lora),
            0,
            new ReplicaOptions(
                1 << 20, argument(args, 5, 1 << 16), recompute, ReplicaOptions.EACH_ALONE),
            new OwnNegatives(0.02))) {
      float[][] values = replica.initialValues();
      AdamW adam = new AdamW(AdamW.Settings.decaying(0), replica.parameters());
      for (int step = 0; step < argument(args, 4, 6); step++) {
        List<ContrastiveExample> examples = examples(queries, negatives, words, side, step);
        long start = System.nanoTime();
        long processor = PROCESS.getProcessCpuTime();
        Gradients sum = replica.gradients(values, examples, step);
        Norm.multiply(sum.values(), 1f / queries);
        Norm.clip(sum.values(), 1);
        adam.step(values, sum.values(), 1e-4);
        System.out.printf(
            Locale.ROOT,
            "step %d: %.3f s, %.3f s of processor, loss %.4f%n",
            step,
            (System.nanoTime() - start) / 1e9,
            (PROCESS.getProcessCpuTime() - processor) / 1e9,
            sum.loss() / queries);
      }
    }
    System.out.printf(Locale.ROOT, "peak %.2f GiB%n", peak());
  }

  /** Texts, and where {@code side} is above 0 images for all candidates, others in each step. */
  private static List<ContrastiveExample> examples(
      int queries, int negatives, int words, int side, int step) throws IOException {
    int group = 2 + negatives;
    List<String> texts = texts(queries * group, words);
    List<Item> items = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      boolean shows = side > 0 && i % group > 0;
      items.add(shows ? new Item(null, image(i, step, side)) : new Item(texts.get(i), null));
    }
    List<ContrastiveExample> examples = new ArrayList<>();
    for (int q = 0; q < queries; q++) {
      List<Item> own = items.subList(q * group, (q + 1) * group);
      examples.add(
          new ContrastiveExample(
              own.get(0), own.get(1), own.subList(2, group), new float[1 + negatives]));
    }
    return examples;
  }

  /** The same as in {@code torch_step.py}. */
  private static List<String> texts(int count, int words) {
    long state = 12345;
    List<String> texts = new ArrayList<>();
    for (int number = 0; number < count; number++) {
      List<String> text = new ArrayList<>();
      for (int i = 0; i < words * (3 + number % 3) / 4; i++) {
        state = (state * 1103515245 + 12345) % (1L << 31);
        text.add(WORDS.get((int) (state / 65536 % WORDS.size())));
      }
      texts.add(String.join(" ", text));
    }
    return texts;
  }

  /** The same pixels as in {@code torch_step.py}. */
  private static EncodedImage image(int number, int step, int side) throws IOException {
    BufferedImage image = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < side; y++) {
      for (int x = 0; x < side; x++) {
        int rgb = 0;
        for (int c = 0; c < 3; c++) {
          rgb = rgb << 8 | (x * (3 + c) + y * 5 + number * 37 + step * 101) * 7 % 256;
        }
        image.setRGB(x, y, rgb);
      }
    }
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    ImageIO.write(image, "png", file);
    return EncodedImage.of(file.toByteArray());
  }

  private static double peak() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
            .filter(line -> line.startsWith("VmHWM"))
            .mapToLong(line -> Long.parseLong(line.split("\\s+")[1]))
            .findFirst()
            .orElseThrow()
        / 1048576.0;
  }

  private static int argument(String[] args, int at, int otherwise) {
    return args.length > at ? Integer.parseInt(args[at]) : otherwise;
  }
}
