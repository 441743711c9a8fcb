package dev.assay.checkpoint.config;

import dev.assay.checkpoint.CheckpointException;
import dev.assay.checkpoint.CheckpointFolder;
import java.util.List;

/** Reads {@code config.json} as transformers' configuration classes do. */
final class ModelConfigReader {
  private static final long IMAGE_TOKEN = 151_655;
  private static final long VISION_START_TOKEN = 151_652;

  private final CheckpointFolder folder;
  private final ConfigSection root;

  ModelConfigReader(CheckpointFolder folder) {
    if (!folder.has(ConfigSection.FILE)) {
      throw new CheckpointException("Cannot load " + folder + ": it has no " + ConfigSection.FILE);
    }
    this.folder = folder;
    this.root = new ConfigSection(folder, folder.json(ConfigSection.FILE), "");
  }

  ModelConfig read() {
    Family family = Family.of(root.json().path("model_type").asText(""), folder);
    refuseOtherWeights();
    DecoderConfig decoder = decoder();
    VisionConfig tower = vision(family);
    check(decoder.hidden() % decoder.heads() == 0, "hidden_size", "num_attention_heads");
    check(
        decoder.heads() % decoder.keyValueHeads() == 0,
        "num_attention_heads",
        "num_key_value_heads");
    check(tower.hidden() % tower.heads() == 0, "vision hidden size", "vision num_heads");
    check(tower.headWidth() % 4 == 0, "vision head width", "4");
    if (tower.output() != decoder.hidden()) {
      throw root.broken(
          "the vision tower gives "
              + tower.output()
              + " numbers a token, the decoder takes "
              + decoder.hidden());
    }
    int turned = decoder.ropeSections().stream().mapToInt(Integer::intValue).sum();
    if (decoder.ropeSections().size() != 3 || turned * 2 != decoder.headWidth()) {
      throw root.broken(
          "mrope_section "
              + decoder.ropeSections()
              + " does not add up to half a head's width, "
              + decoder.headWidth() / 2);
    }
    return new ModelConfig(family, decoder, tower, imageToken(), visionStartToken());
  }

  DecoderConfig decoder() {
    ConfigSection text = root.has("text_config") ? root.part("text_config") : root;
    return new DecoderConfigReader(root, text).read();
  }

  VisionConfig vision(Family family) {
    return new VisionConfigReader(family, root.part("vision_config")).read();
  }

  long imageToken() {
    return root.token("image_token_id", IMAGE_TOKEN);
  }

  long visionStartToken() {
    return root.token("vision_start_token_id", VISION_START_TOKEN);
  }

  /** Keys by which transformers loads other weights than the folder's plain ones. */
  private void refuseOtherWeights() {
    for (String key : List.of("quantization_config", "transformers_weights")) {
      if (root.has(key)) {
        throw root.unsupported(key, "checkpoints without it");
      }
    }
  }

  private void check(boolean multiple, String what, String of) {
    if (!multiple) {
      throw root.broken(what + " is not a multiple of " + of);
    }
  }
}
