package dev.assay.job.train.shard;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.assay.checkpoint.tensors.WeightFiles;
import dev.assay.job.files.AtomicFile;
import dev.assay.job.train.run.StateFiles;
import dev.assay.model.training.Parameter;
import dev.assay.model.training.Piece;
import dev.assay.train.Replica;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.util.SerializableConfiguration;

/**
 * The files of a checkpoint in shards: each is written by the task that has the shard, and an index
 * says which tensor is in which file, as in checkpoints of several files.
 *
 * @param slices what each shard has, see {@link dev.assay.job.train.step.Slice#cut}
 */
public record ShardFiles(
    List<Parameter> parameters, List<List<Piece>> slices, SerializableConfiguration hadoop)
    implements Serializable {
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * A file that was written.
   *
   * @param tensors their names
   */
  record Written(String file, List<String> tensors) implements Serializable {}

  /** Of all shards. */
  List<Integer> numbers() {
    return IntStream.range(0, slices.size()).boxed().collect(Collectors.toList());
  }

  List<Piece> pieces(int shard) {
    return slices.get(shard);
  }

  float[][] initialValues(int shard, Replica<?> replica) {
    return replica.initialValues(pieces(shard));
  }

  Written write(String folder, int number, Shard shard) {
    String file =
        String.format(Locale.ROOT, "model-%05d-of-%05d.safetensors", number + 1, slices.size());
    return new Written(
        file,
        StateFiles.write(
            new Path(folder, file),
            hadoop.value(),
            parameters,
            pieces(number),
            shard.values(),
            shard.optimizer()));
  }

  Shard read(String folder, int number, long steps) {
    StateFiles files = StateFiles.open(new Path(folder), hadoop.value());
    List<Piece> own = pieces(number);
    return Shard.of(files.values(parameters, own), files.optimizer(parameters, own, steps));
  }

  /** Says which file has which tensor. */
  void index(Path folder, List<Written> written) {
    Map<String, String> files = new TreeMap<>();
    for (Written file : written) {
      file.tensors().forEach(tensor -> files.put(tensor, file.file()));
    }
    try {
      byte[] json = JSON.writeValueAsBytes(Map.of("metadata", Map.of(), "weight_map", files));
      AtomicFile.replace(
          new Path(folder, WeightFiles.INDEX), hadoop.value(), out -> out.write(json));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write " + folder + ": " + e.getMessage(), e);
    }
  }
}
