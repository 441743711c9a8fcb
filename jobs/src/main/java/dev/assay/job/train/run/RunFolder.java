package dev.assay.job.train.run;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.assay.checkpoint.CheckpointException;
import dev.assay.checkpoint.CheckpointFolder;
import dev.assay.checkpoint.tensors.StoredType;
import dev.assay.checkpoint.weights.TensorIndex;
import dev.assay.checkpoint.writing.NamedTensor;
import dev.assay.checkpoint.writing.OutgoingTensor;
import dev.assay.checkpoint.writing.SafetensorsWriter;
import dev.assay.job.files.AtomicFile;
import dev.assay.job.train.data.BatchStream.Position;
import dev.assay.model.training.Parameter;
import dev.assay.train.optimizer.AdamW;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The folder of an unfinished run: its metrics and its last checkpoint.
 *
 * <pre>
 * FOLDER/metrics.jsonl
 * FOLDER/step-00000200/model.safetensors    values, and the optimizer's state
 * FOLDER/step-00000200/state.json           written last: a folder without it is no checkpoint
 * </pre>
 */
public final class RunFolder {
  private static final String PREFIX = "step-";
  private static final String STATE = "state.json";
  private static final String TENSORS = "model.safetensors";
  private static final List<String> KINDS = List.of("values.", "means.", "squares.");
  private static final int PIECE_BYTES = 4 << 20;
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The content of {@code state.json}. */
  @JsonIgnoreProperties(ignoreUnknown = true) // a newer Assay may have added to it
  private record Saved(String run, long steps, long epoch, long taken, int parts) {}

  private final Path folder;
  private final String run;
  private final List<Parameter> parameters;
  private final Configuration hadoop;
  private final Runnable hold;

  /**
   * @param run identifies the inputs and settings: a run continues only from its own checkpoints
   * @param parameters of the model that is trained
   * @param hold is run before each checkpoint; throws if the workspace is another writer's by now
   */
  public RunFolder(
      Path folder, String run, List<Parameter> parameters, Configuration hadoop, Runnable hold) {
    this.hold = hold;
    this.folder = folder;
    this.run = run;
    this.parameters = parameters;
    this.hadoop = hadoop;
  }

  /** The metrics of the first steps, to be continued. */
  public MetricsLog metrics(long steps) {
    return MetricsLog.after(steps, new Path(folder, MetricsLog.FILE), hadoop);
  }

  /** Saves a state, and then deletes the ones before. */
  void save(TrainingState state, MetricsLog metrics) {
    hold.run();
    metrics.write();
    Path checkpoint = new Path(folder, String.format(Locale.ROOT, PREFIX + "%08d", state.steps()));
    Position position = state.position();
    Saved saved = new Saved(run, state.steps(), position.epoch(), position.taken(), state.parts());
    try {
      AtomicFile.replace(
          new Path(checkpoint, TENSORS),
          hadoop,
          out -> SafetensorsWriter.write(out, tensors(state)));
      byte[] json = JSON.writeValueAsBytes(saved);
      AtomicFile.replace(new Path(checkpoint, STATE), hadoop, out -> out.write(json));
      for (Path other : checkpoints()) {
        if (!other.getName().equals(checkpoint.getName())) {
          files().delete(other, true);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write " + checkpoint + ": " + e.getMessage(), e);
    }
  }

  /**
   * The last state that this run saved.
   *
   * @throws CheckpointException if it cannot be read
   */
  public Optional<TrainingState> restore() {
    TrainingState last = null;
    try {
      for (Path checkpoint : checkpoints()) {
        Optional<Saved> saved = saved(checkpoint);
        long steps = last == null ? -1 : last.steps();
        if (saved.isPresent() && saved.get().run().equals(run) && saved.get().steps() > steps) {
          last = read(checkpoint, saved.get());
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + folder + ": " + e.getMessage(), e);
    }
    return Optional.ofNullable(last);
  }

  private Optional<Saved> saved(Path checkpoint) throws IOException {
    try (var in = files().open(new Path(checkpoint, STATE))) {
      return Optional.of(JSON.readValue(in.readAllBytes(), Saved.class));
    } catch (FileNotFoundException e) {
      return Optional.empty();
    }
  }

  private List<Path> checkpoints() throws IOException {
    List<Path> found = new ArrayList<>();
    try {
      for (FileStatus child : files().listStatus(folder)) {
        if (child.isDirectory() && child.getPath().getName().startsWith(PREFIX)) {
          found.add(child.getPath());
        }
      }
    } catch (FileNotFoundException e) {
      return List.of();
    }
    return found;
  }

  private FileSystem files() throws IOException {
    return folder.getFileSystem(hadoop);
  }

  private List<OutgoingTensor> tensors(TrainingState state) {
    List<float[][]> kinds =
        List.of(state.values(), state.optimizer().means(), state.optimizer().squares());
    List<OutgoingTensor> tensors = new ArrayList<>();
    for (int p = 0; p < parameters.size(); p++) {
      Parameter parameter = parameters.get(p);
      for (int k = 0; k < KINDS.size(); k++) {
        NamedTensor tensor =
            NamedTensor.of(KINDS.get(k) + parameter.name(), parameter.shape(), kinds.get(k)[p]);
        tensors.add(OutgoingTensor.of(tensor, StoredType.F32));
      }
    }
    return tensors;
  }

  private TrainingState read(Path checkpoint, Saved saved) {
    TensorIndex index = TensorIndex.of(CheckpointFolder.open(checkpoint.toString(), hadoop));
    float[][][] kinds = new float[KINDS.size()][parameters.size()][];
    for (int k = 0; k < kinds.length; k++) {
      for (int p = 0; p < parameters.size(); p++) {
        kinds[k][p] = read(index, KINDS.get(k) + parameters.get(p).name(), parameters.get(p));
      }
    }
    return new TrainingState(
        saved.steps(),
        new Position(saved.epoch(), saved.taken()),
        saved.parts(),
        kinds[0],
        new AdamW.State(saved.steps(), kinds[1], kinds[2]));
  }

  private static float[] read(TensorIndex index, String name, Parameter parameter) {
    index.check(name, parameter.shape().stream().mapToLong(Long::longValue).toArray());
    float[] values = new float[parameter.size()];
    ByteBuffer piece = ByteBuffer.allocateDirect(PIECE_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    index.read(
        name,
        0,
        parameter.shape().get(0),
        piece,
        (first, bytes) -> bytes.asFloatBuffer().get(values, (int) first, bytes.remaining() / 4));
    return values;
  }
}
