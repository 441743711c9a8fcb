package dev.assay.scenes.recipe;

import ai.djl.Device;
import dev.assay.checkpoint.CheckpointFolder;
import dev.assay.checkpoint.tensors.StoredType;
import dev.assay.checkpoint.writing.CheckpointWriter;
import dev.assay.checkpoint.writing.NamedTensor;
import dev.assay.item.Item;
import dev.assay.model.Parameter;
import dev.assay.model.Precision;
import dev.assay.model.Tuning;
import dev.assay.scenes.Split;
import dev.assay.train.AnswerReplica;
import dev.assay.train.ContrastiveExample;
import dev.assay.train.EmbedderReplica;
import dev.assay.train.InBatch;
import dev.assay.train.Replica;
import dev.assay.train.ReplicaOptions;
import dev.assay.train.Schedule;
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
 * Makes {@code scenes-judge} and {@code scenes-embedder} anew, from random weights.
 *
 * <ol>
 *   <li>The judge learns captions: six statements share an image.
 *   <li>It learns changes as well: an image, what shall be other, and four images. The vision tower
 *       stays as it is from here on.
 *   <li>It goes over both again, with captions that are wrong in one thing only, and mostly in what
 *       lies where: that is learned last.
 *   <li>The embedder begins with the judge's weights after its second stage and learns to tell
 *       pairs from any others of its batch: random negatives, so that mining has something to
 *       improve.
 * </ol>
 */
public final class ModelRecipe {
  private static final int CAPTIONS = 32;
  private static final int CHANGES = 24;
  private static final int PAIRS = 96;
  private static final double TEMPERATURE = 0.05;

  /** No image is drawn twice: they go through the vision tower together, and quickly. */
  private static final ReplicaOptions OPTIONS =
      new ReplicaOptions(1 << 20, 1 << 13, false, 1 << 11);

  private static final Pattern EVERYTHING = Pattern.compile(".*");
  private static final Pattern ALL_BUT_VISION = Pattern.compile("(?!visual\\.).*");

  private final Steps steps;
  private final Watch watch;
  private final Configuration hadoop = new Configuration();

  /** How many steps each stage has. */
  public record Steps(int captions, int changes, int close, int pairs) {
    /** As the checkpoints that come with Assay were made. */
    public static Steps usual() {
      return new Steps(1200, 2600, 3000, 200);
    }
  }

  public ModelRecipe(Steps steps, Watch watch) {
    this.steps = steps;
    this.watch = watch;
  }

  /**
   * Makes a judge, unless it is there.
   *
   * @param like a checkpoint whose configuration, tokenizer and image processor it gets; its
   *     weights are not used
   * @param folder where to
   * @param work a folder for what is made on the way, and found there by a later run
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
   * Makes an embedder, unless it is there.
   *
   * @param folder where to
   * @param work of {@link #judge}, which has been made
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
      if (!path.getFileSystem(hadoop).exists(path)) { // checkpoints appear whole
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
        watch);
  }

  private Stage<JudgeExample> changes() {
    ExampleSource source = new ExampleSource(Split.TRAINING, 2);
    return new Stage<>(
        "captions and changes",
        cosine(1.5e-3, steps.changes()),
        step -> step % 3 == 0 ? draw(CAPTIONS, source::captions) : draw(CHANGES, source::changes),
        watch);
  }

  private Stage<JudgeExample> close() {
    ExampleSource source = new ExampleSource(Split.TRAINING, 4);
    return new Stage<>(
        "close captions, and changes",
        cosine(1.5e-3, steps.close()),
        step ->
            step % 4 == 0 ? draw(CHANGES, source::changes) : draw(CAPTIONS, source::closeCaptions),
        watch);
  }

  private Stage<ContrastiveExample> pairs() {
    ExampleSource source = new ExampleSource(Split.TRAINING, 3);
    return new Stage<>(
        "pairs",
        cosine(1e-3, steps.pairs()),
        step -> draw(PAIRS, () -> pair(source, step % 5)),
        watch);
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
   * A pair of one task, the same for a whole batch: its own kind is what it is to be told from.
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
