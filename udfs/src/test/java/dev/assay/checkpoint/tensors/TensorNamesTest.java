package dev.assay.checkpoint.tensors;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TensorNamesTest {
  @ParameterizedTest
  @CsvSource({
    "model.layers.0.mlp.up_proj.weight, model.layers.0.mlp.up_proj.weight",
    "model.language_model.layers.0.mlp.up_proj.weight, model.layers.0.mlp.up_proj.weight",
    "language_model.layers.0.mlp.up_proj.weight, model.layers.0.mlp.up_proj.weight",
    "language_model.model.layers.0.mlp.up_proj.weight, model.layers.0.mlp.up_proj.weight",
    "layers.0.mlp.up_proj.weight, model.layers.0.mlp.up_proj.weight",
    "embed_tokens.weight, model.embed_tokens.weight",
    "language_model.embed_tokens.weight, model.embed_tokens.weight",
    "norm.weight, model.norm.weight",
    "language_model.norm.weight, model.norm.weight",
    "visual.blocks.0.norm1.weight, visual.blocks.0.norm1.weight",
    "model.visual.blocks.0.norm1.weight, visual.blocks.0.norm1.weight",
    "lm_head.weight, lm_head.weight",
    "language_model.lm_head.weight, lm_head.weight",
    "base_model.model.model.language_model.norm.weight, model.norm.weight",
    "base_model.model.language_model.norm.weight, model.norm.weight",
    "base_model.model.lm_head.weight, lm_head.weight",
    "module.model.norm.weight, model.norm.weight",
    "_orig_mod.visual.merger.ln_q.weight, visual.merger.ln_q.weight",
  })
  void allSpellingsHaveOneReleasedName(String spelled, String released) {
    assertEquals(released, TensorNames.released(spelled));
    for (String spelling : TensorNames.spellings(spelled)) {
      assertEquals(released, TensorNames.released(spelling));
    }
  }

  @Test
  void peftHasTransformersNamesBehindItsPrefix() {
    assertEquals(
        "base_model.model.model.language_model.norm.weight", TensorNames.peft("model.norm.weight"));
    assertEquals("base_model.model.model.visual.x", TensorNames.peft("visual.x"));
    assertEquals("base_model.model.lm_head.weight", TensorNames.peft("lm_head.weight"));
  }
}
