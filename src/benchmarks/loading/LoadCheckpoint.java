import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.assay.checkpoint.CheckpointFolder;
import dev.assay.model.Precision;
import dev.assay.model.VisionLanguageModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;

/**
 * Times the loading of a checkpoint's weights, several times in one process, once the engine has
 * started. Prints one JSON object. Arguments: FOLDER [REPEATS] [PRECISION].
 */
public class LoadCheckpoint {
  public static void main(String[] arguments) {
    int repeats = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 3;
    Precision precision =
        arguments.length > 2
            ? Precision.valueOf(arguments[2].toUpperCase(Locale.ROOT))
            : Precision.BFLOAT16;
    try (NDManager engine = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
      engine.ones(new Shape(1)).sum().close(); // starts the engine
    }
    ProcessHandle process = ProcessHandle.current();
    List<Double> seconds = new ArrayList<>();
    List<Double> processor = new ArrayList<>();
    for (int i = 0; i < repeats; i++) {
      double used = used(process);
      long start = System.nanoTime();
      CheckpointFolder files = CheckpointFolder.open(arguments[0], new Configuration());
      VisionLanguageModel.load(files, Device.cpu(), precision).close();
      seconds.add((System.nanoTime() - start) / 1e9);
      processor.add(used(process) - used);
    }
    System.out.println(
        new ObjectMapper()
            .valueToTree(Map.of("seconds", seconds, "processor_seconds", processor)));
  }

  private static double used(ProcessHandle process) {
    return process.info().totalCpuDuration().orElseThrow().toMillis() / 1e3;
  }
}
