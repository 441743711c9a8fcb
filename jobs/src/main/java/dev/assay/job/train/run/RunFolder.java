package dev.assay.job.train.run;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.assay.checkpoint.CheckpointException;
import dev.assay.job.files.AtomicFile;
import dev.assay.job.train.data.BatchStream.Position;
import dev.assay.model.training.Parameter;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The folder of an unfinished run: its metrics and its last checkpoint.
 *
 * <pre>
 * FOLDER/metrics.jsonl
 * FOLDER/step-00000200/model*.safetensors   values, and the optimizer's state
 * FOLDER/step-00000200/state.json           written last: a folder without it is no checkpoint
 * </pre>
 */
public final class RunFolder {
  private static final String PREFIX = "step-";
  private static final String STATE = "state.json";
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The content of {@code state.json}. */
  @JsonIgnoreProperties(ignoreUnknown = true) // a newer Assay may have added to it
  private record Saved(String run, long steps, long epoch, long taken, int parts) {
    TrainingPoint point() {
      return new TrainingPoint(steps, new Position(epoch, taken), parts);
    }
  }

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

  /**
   * Saves a state, and then deletes the ones before.
   *
   * @param tensors writes values and optimizer into a folder
   */
  public void save(TrainingPoint point, Consumer<Path> tensors, MetricsLog metrics) {
    hold.run();
    metrics.write();
    Path checkpoint = new Path(folder, String.format(Locale.ROOT, PREFIX + "%08d", point.steps()));
    Position position = point.position();
    Saved saved = new Saved(run, point.steps(), position.epoch(), position.taken(), point.parts());
    tensors.accept(checkpoint);
    try {
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
   * A checkpoint.
   *
   * @param folder with its tensors
   */
  public record Checkpoint(TrainingPoint point, Path folder) {}

  /** The last checkpoint that this run saved. */
  public Optional<Checkpoint> last() {
    Checkpoint last = null;
    try {
      for (Path checkpoint : checkpoints()) {
        Optional<Saved> saved = saved(checkpoint);
        long steps = last == null ? -1 : last.point().steps();
        if (saved.isPresent() && saved.get().run().equals(run) && saved.get().steps() > steps) {
          last = new Checkpoint(saved.get().point(), checkpoint);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + folder + ": " + e.getMessage(), e);
    }
    return Optional.ofNullable(last);
  }

  /**
   * The last state that this run saved, brought to this process.
   *
   * @throws CheckpointException if it cannot be read
   */
  public Optional<TrainingState> restore() {
    return last()
        .map(
            last -> {
              TrainingPoint point = last.point();
              StateFiles files = StateFiles.open(last.folder(), hadoop);
              return new TrainingState(
                  point.steps(),
                  point.position(),
                  point.parts(),
                  files.values(parameters),
                  files.optimizer(parameters, point.steps()));
            });
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
}
