package dev.assay.udf;

import java.io.Serializable;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.util.SerializableConfiguration;

/**
 * A Transformer's settings as its tasks take them along: names only, nothing of a model.
 *
 * @param modelUrl checkpoint folder
 * @param imageRoot folder of relative image paths, empty for none
 * @param device auto, cpu or gpu; resolved where the task runs
 * @param precision auto, float32 or bfloat16; resolved where the task runs
 * @param batchSize rows put to the model at once
 * @param maxTokens tokens in one pass
 * @param maxImagePixels largest image that is decoded
 * @param hadoop file systems' settings, those of the session included
 */
record ModelSettings(
    String modelUrl,
    String imageRoot,
    String device,
    String precision,
    int batchSize,
    int maxTokens,
    long maxImagePixels,
    SerializableConfiguration hadoop)
    implements Serializable {

  Configuration configuration() {
    return hadoop.value();
  }

  ItemReader reader() {
    return ItemReader.at(imageRoot, configuration());
  }
}
