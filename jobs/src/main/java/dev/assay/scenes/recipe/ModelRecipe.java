package dev.assay.scenes.recipe;

import ai.djl.Device;
import dev.assay.checkpoint.CheckpointFolder;
import dev.assay.checkpoint.tensors.StoredType;
import dev.assay.checkpoint.writing.CheckpointWriter;
import dev.assay.checkpoint.writing.NamedTensor;
import dev.assay.item.Item;
import dev.assay.model.Precision;
import dev.assay.model.training.Parameter;
import dev.assay.model.training.Tuning;
import dev.assay.scenes.source.Split;
import dev.assay.train.AnswerReplica;
import dev.assay.train.ContrastiveExample;
import dev.assay.train.EmbedderReplica;
import dev.assay.train.Replica;
import dev.assay.train.ReplicaOptions;
import dev.assay.train.loss.InBatch;
import dev.assay.train.optimizer.Schedule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * Trains {@code scenes-judge} and {@code scenes-embedder} from random weights.
 *
 * <ol>
 *   <li>The judge learns captions. Six statements share an image.
 *   <li>The judge learns changes too: an image, a change, and four images. From here on the vision
 *       tower is frozen.
 *   <li>The judge sees both again, now with captions that are false in one thing only, mostly in a
 *       relation. Relations are learned last.
 *   <li>The embedder starts from the judge's weights after the second stage. It learns to tell each
 *       pair from the others of its batch. These negatives are random, so mining can improve it.
 * </ol>
 */
public final class ModelRecipe {
  private static final int CAPTIONS = 32;
  private static final int CHANGES = 24;
  private static final int PAIRS = 96;
  private static final double TEMPERATURE = 0.05;

  /** No image occurs twice, so all images of a pass go through the vision tower together. */
  private static final ReplicaOptions OPTIONS =
      new ReplicaOptions(1 << 20, 1 << 13, false, 1 << 11);

  private static final Pattern EVERYTHING = Pattern.compile(".*");
  private static final Pattern ALL_BUT_VISION = Pattern.compile("(?!visual\\.).*");

  private final Steps steps;
  private final StepListener listener;
  private final Configuration hadoop = new Configuration();

  /** The number of steps of each stage. */
  public record Steps(int captions, int changes, int close, int pairs) {
    /** The steps that made the checkpoints that come with Assay. */
    public static Steps usual() {
      return new Steps(1200, 2600, 3000, 200);
    }
  }

  public ModelRecipe(Steps steps, StepListener listener) {
    this.steps = steps;
    this.listener = listener;
  }

  /**
   * Trains a judge, unless its folder exists.
   *
   * @param like a checkpoint with the configuration, tokenizer and image processor to use; its
   *     weights are not used
   * @param folder the judge's folder
   * @param work a folder for intermediate checkpoints, which a later run uses again
   */
  public void judge(String like, String folder, String work) {
    String random = work + "/random";
    String captions = work + "/captions";
    String changes = changes(work);
    make(random, () -> writeRandom(like, random));
    make(captions, () -> train(random, captions, StoredType.F32, captions(), judged(random)));
    make(changes, () -> train(captions, changes, StoredType.BF16, changes(), seeing(captions)));
    make(folder, () -> train(changes, folder, StoredType.BF16, close(), seeing(changes)));
  }

  /**
   * Trains an embedder, unless its folder exists.
   *
   * @param folder the embedder's folder
   * @param work the folder of {@link #judge}, which must have run before
   */
  public void embedder(String folder, String work) {
    String changes = changes(work);
    make(folder, () -> train(changes, folder, StoredType.BF16, pairs(), embedder(changes)));
  }

  private static String changes(String work) {
    return work + "/changes";
  }

  private void make(String folder, Runnable work) {
    try {
      Path path = new Path(folder);
      if (!path.getFileSystem(hadoop)
          .exists(path)) { // a checkpoint folder appears only when it is complete
        work.run();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot make " + folder + ": " + e.getMessage(), e);
    }
  }

  private void writeRandom(String like, String folder) {
    CheckpointFolder form = CheckpointFolder.open(like, hadoop);
    CheckpointWriter.of(form)
        .withTensors(RandomWeights.like(form, 0))
        .withType(StoredType.F32)
        .write(folder, hadoop);
  }

  private Stage<JudgeExample> captions() {
    ExampleSource source = new ExampleSource(Split.TRAINING, 1);
    return new Stage<>(
        "captions",
        cosine(2e-3, steps.captions()),
        step -> draw(CAPTIONS, source::captions),
        listener);
  }

  private Stage<JudgeExample> changes() {
    ExampleSource source = new ExampleSource(Split.TRAINING, 2);
    return new Stage<>(
        "captions and changes",
        cosine(1.5e-3, steps.changes()),
        step -> step % 3 == 0 ? draw(CAPTIONS, source::captions) : draw(CHANGES, source::changes),
        listener);
  }

  private Stage<JudgeExample> close() {
    ExampleSource source = new ExampleSource(Split.TRAINING, 4);
    return new Stage<>(
        "close captions, and changes",
        cosine(1.5e-3, steps.close()),
        step ->
            step % 4 == 0 ? draw(CHANGES, source::changes) : draw(CAPTIONS, source::closeCaptions),
        listener);
  }

  private Stage<ContrastiveExample> pairs() {
    ExampleSource source = new ExampleSource(Split.TRAINING, 3);
    return new Stage<>(
        "pairs",
        cosine(1e-3, steps.pairs()),
        step -> draw(PAIRS, () -> pair(source, step % 5)),
        listener);
  }

  private static Schedule cosine(double peak, int steps) {
    return new Schedule(Schedule.Shape.COSINE, peak, steps / 10, steps);
  }

  private static <E> List<E> draw(int count, Supplier<? extends E> source) {
    return IntStream.range(0, count).<E>mapToObj(i -> source.get()).toList();
  }

  private Replica<JudgeExample> judged(String folder) {
    return answering(folder, EVERYTHING);
  }

  private Replica<JudgeExample> seeing(String folder) {
    return answering(folder, ALL_BUT_VISION);
  }

  private Replica<JudgeExample> answering(String folder, Pattern tensors) {
    return AnswerReplica.load(
        CheckpointFolder.open(folder, hadoop),
        Device.cpu(),
        Precision.FLOAT32,
        new Tuning.Full(tensors),
        0,
        OPTIONS,
        new JudgeRows());
  }

  private Replica<ContrastiveExample> embedder(String folder) {
    return EmbedderReplica.load(
        CheckpointFolder.open(folder, hadoop),
        Device.cpu(),
        Precision.FLOAT32,
        new Tuning.Full(EVERYTHING),
        0,
        OPTIONS,
        new InBatch(TEMPERATURE, InBatch.Target.POSITIVE_AND_BACK));
  }

  private <E> void train(
      String from, String to, StoredType type, Stage<E> stage, Replica<E> replica) {
    try (replica) {
      float[][] values = stage.run(replica);
      List<Parameter> parameters = replica.parameters();
      List<NamedTensor> tensors = new ArrayList<>();
      for (int p = 0; p < values.length; p++) {
        Parameter parameter = parameters.get(p);
        tensors.add(NamedTensor.of(parameter.name(), parameter.shape(), values[p]));
      }
      CheckpointWriter.of(CheckpointFolder.open(from, hadoop))
          .withTensors(tensors)
          .withType(type)
          .write(to, hadoop);
    }
  }

  /**
   * A pair of one task. All pairs of a batch are of the same task, so that a pair competes with its
   * own kind.
   *
   * @param kind 0 and 1: a caption and its image; 2 and 3: an image and its caption; 4: a change
   */
  private static ContrastiveExample pair(ExampleSource source, long kind) {
    Item query;
    Item positive;
    if (kind == 4) {
      JudgeExample.Changes change = source.change();
      query = new Item(change.change().words(), change.picture().image());
      positive = new Item(null, change.candidates().get(0).image());
    } else {
      JudgeExample.Captions caption = source.caption();
      Item text = new Item(caption.statements().get(0).caption().words(), null);
      Item image = new Item(null, caption.picture().image());
      query = kind < 2 ? text : image;
      positive = kind < 2 ? image : text;
    }
    return new ContrastiveExample(query, positive, List.of(), new float[] {1});
  }
}
