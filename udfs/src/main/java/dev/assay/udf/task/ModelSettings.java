package dev.assay.udf.task;

import dev.assay.checkpoint.CheckpointFolder;
import dev.assay.image.ImageDecoder;
import dev.assay.prompt.PromptEncoder;
import dev.assay.udf.compute.Compute;
import dev.assay.udf.compute.Placement;
import dev.assay.udf.rows.ItemReader;
import java.io.Serializable;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;

/**
 * The settings of a Transformer as its tasks receive them. They name a model and hold nothing of
 * it.
 *
 * @param modelUrl checkpoint folder
 * @param imageRoot folder of relative image paths, empty for none
 * @param compute device, precision and limits; {@code auto} is resolved where the task runs
 * @param hadoop settings of the file systems, including those of the session; they are many, and
 *     reach each executor once
 */
public record ModelSettings(
    String modelUrl, String imageRoot, Compute compute, Broadcast<SerializableConfiguration> hadoop)
    implements Serializable {
  private static final long serialVersionUID = 1L;

  public Configuration configuration() {
    return hadoop.value().value();
  }

  /** A reader of this task's items. */
  public ItemReader reader() {
    return ItemReader.at(imageRoot, configuration());
  }

  /** The encoder of the model's prompts, without its weights. */
  public PromptEncoder encoder() {
    PromptEncoder encoder = PromptEncoder.of(CheckpointFolder.open(modelUrl, configuration()));
    return encoder.withImages(encoder.images(), new ImageDecoder(compute.maxImagePixels()));
  }

  /** The device and the precision for the task that calls. */
  public Placement placement() {
    return Placement.here(compute);
  }
}
