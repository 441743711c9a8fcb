import ai.djl.Device;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.assay.checkpoint.CheckpointFolder;
import dev.assay.item.EncodedImage;
import dev.assay.item.Item;
import dev.assay.judge.Order;
import dev.assay.judge.PairJudge;
import dev.assay.model.Precision;
import dev.assay.session.Limits;
import dev.assay.session.LoadedCheckpoint;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;

/**
 * Times Assay's judge on the inputs of transformers_baseline.py: one query with an image and many
 * short texts. Prints one JSON object.
 *
 * <pre>
 * java -cp 'jobs/target/assay/lib/*:jobs/target/assay/spark/*' \
 *   src/benchmarks/large-checkpoint/JudgeLargeCheckpoint.java CHECKPOINT [PAIRS] [REPEATS] [PRECISION]
 * </pre>
 */
public class JudgeLargeCheckpoint {
  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[0]);
    int pairs = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 50;
    int repeats = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 1;
    Precision precision =
        arguments.length > 3
            ? Precision.valueOf(arguments[3].toUpperCase(Locale.ROOT))
            : Precision.BFLOAT16;
    JsonNode inputs = new ObjectMapper().readTree(folder.resolve("inputs.json").toFile());
    Item query = query(folder, inputs.get("query"));
    List<Item> candidates = new ArrayList<>();
    for (int i = 0; i < pairs; i++) {
      candidates.add(new Item(inputs.get("candidates").get(i).asText(), null));
    }
    String instruction = inputs.get("instruction").asText();

    long start = System.nanoTime();
    CheckpointFolder files = CheckpointFolder.open(folder.toString(), new Configuration());
    try (LoadedCheckpoint checkpoint = LoadedCheckpoint.load(files, Device.cpu(), precision)) {
      double loaded = seconds(start);
      double loadedPeak = peakGigabytes();
      double best = Double.POSITIVE_INFINITY;
      float[] margins = null;
      for (int i = 0; i < repeats; i++) {
        start = System.nanoTime();
        // A new task has no image features yet.
        try (PairJudge judge = new PairJudge(checkpoint, instruction, Limits.defaults())) {
          margins = judge.score(Order.QUERY_FIRST, query, candidates);
        }
        best = Math.min(best, seconds(start));
      }
      Map<String, Object> result = new LinkedHashMap<>();
      result.put("precision", precision);
      result.put("load_seconds", loaded);
      result.put("peak_gb_after_load", loadedPeak);
      result.put("pairs", pairs);
      result.put("seconds", best);
      result.put("pairs_per_second", pairs / best);
      result.put("peak_gb", peakGigabytes());
      result.put("margins", margins);
      System.out.println(new ObjectMapper().writeValueAsString(result));
    }
  }

  private static Item query(Path folder, JsonNode query) throws Exception {
    byte[] image = Files.readAllBytes(folder.resolve(query.get("image").asText()));
    return new Item(query.get("text").asText(), new EncodedImage("query", image));
  }

  private static double seconds(long start) {
    return (System.nanoTime() - start) / 1e9;
  }

  /** The peak of this process's memory, as the kernel counts it. */
  private static double peakGigabytes() throws Exception {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmHWM:")) {
        return Long.parseLong(line.replaceAll("\\D", "")) * 1024 / 1e9;
      }
    }
    return Double.NaN;
  }
}
