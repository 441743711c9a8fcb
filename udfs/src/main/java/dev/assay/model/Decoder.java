package dev.assay.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.assay.checkpoint.config.DecoderConfig;
import dev.assay.kernels.BlockWeights;
import dev.assay.kernels.Kernels;
import dev.assay.model.tokens.SequencePack;
import java.util.ArrayList;
import java.util.List;

/** The language model, from token embeddings to the last tokens' hidden states. */
public final class Decoder {
  /** The decoder's weights. */
  record Parameters(NDArray embedding, List<BlockWeights> layers, NDArray norm) {
    static Parameters of(DecoderConfig config, TensorSource source) {
      long d = config.hidden();
      NDArray embedding = source.tensor("model.embed_tokens.weight", config.vocabulary(), d);
      List<BlockWeights> layers = new ArrayList<>();
      for (int i = 0; i < config.layers(); i++) {
        layers.add(layer(config, source, "model.layers." + i + "."));
      }
      return new Parameters(embedding, layers, source.tensor("model.norm.weight", d));
    }
  }

  private final Parameters parameters;
  private final NDArray epsilon;
  private final NDArray like;
  private final Rotary rotary;
  private final Shape noPast;

  /**
   * @param like an array in the precision of the computation
   * @param host for numbers that kernels read on the host wherever the model is
   */
  public Decoder(
      DecoderConfig config, TensorSource source, NDArray like, NDManager owner, NDManager host) {
    this.parameters = Parameters.of(config, source);
    this.epsilon = host.create(config.normEpsilon());
    this.like = like;
    this.rotary = Rotary.of(config, owner);
    this.noPast = new Shape(config.keyValueHeads(), 0, config.headWidth());
  }

  private static BlockWeights layer(DecoderConfig config, TensorSource source, String prefix) {
    long d = config.hidden();
    long keyValue = (long) config.keyValueHeads() * config.headWidth();
    return new BlockReader(source, prefix)
        .rmsNorm("input_layernorm", d)
        .biased("self_attn.q_proj", d, d)
        .biased("self_attn.k_proj", keyValue, d)
        .biased("self_attn.v_proj", keyValue, d)
        .linear("self_attn.o_proj", d, d)
        .rmsNorm("post_attention_layernorm", d)
        .linear("mlp.gate_proj", config.intermediate(), d)
        .linear("mlp.up_proj", config.intermediate(), d)
        .linear("mlp.down_proj", d, config.intermediate())
        .weights();
  }

  /** Embeddings of tokens: {@code [n, hidden]}. */
  NDArray embed(NDManager scope, Kernels kernels, long[] ids) {
    try (NDArray index = scope.create(ids)) {
      return kernels.apply(scope, "rows", parameters.embedding(), index);
    }
  }

  /**
   * Runs all layers.
   *
   * @param x {@code [n, hidden]}, closed by this call
   * @param positions M-RoPE positions {@code [3][n]}
   * @param segments {@code [n]}: a token sees itself and the tokens before it with the same number
   * @param past the past that all tokens see, or null
   * @param keys gets each layer's keys and values, including the past's; null if they are not
   *     needed
   * @return {@code [n, hidden]}, not yet normed
   */
  NDArray forward(
      NDManager scope,
      Kernels kernels,
      NDArray x,
      float[][] positions,
      long[] segments,
      Past past,
      NDList keys) {
    try (NDManager inner = scope.newSubManager()) {
      NDList turn = rotary.at(inner, kernels, positions);
      NDArray empty = inner.zeros(noPast);
      NDArray none =
          like.getDataType() == empty.getDataType()
              ? empty
              : kernels.apply(inner, "bfloat16", empty);
      NDArray firstPast = past == null ? none : past.keysAndValues().get(0);
      NDArray mask = kernels.apply(inner, "pack_mask", inner.create(segments), firstPast, like);
      for (int i = 0; i < parameters.layers().size(); i++) {
        NDList results =
            kernels.run(
                inner,
                "decoder_layer",
                x,
                turn.get(0),
                turn.get(1),
                mask,
                past == null ? none : past.keysAndValues().get(2 * i),
                past == null ? none : past.keysAndValues().get(2 * i + 1),
                epsilon,
                parameters.layers().get(i));
        x.close();
        x = results.get(0);
        if (keys == null) {
          results.get(1).close();
          results.get(2).close();
        } else {
          keys.add(results.get(1));
          keys.add(results.get(2));
        }
      }
      if (keys != null) {
        keys.attach(scope);
      }
      x.attach(scope);
      return x;
    }
  }

  /**
   * The layers that turn a pack's token embeddings {@code [tokens, hidden]} into hidden states.
   *
   * @param scope owns the arrays that the layers share
   */
  public List<Layer> layers(NDManager scope, Kernels kernels, SequencePack pack) {
    NDList turn = rotary.at(scope, kernels, pack.positions());
    Shape shape = new Shape(pack.rows(), pack.length());
    NDArray rows = scope.create(pack.index(), shape);
    NDArray home = scope.create(pack.home());
    NDArray mask = kernels.apply(scope, "row_mask", scope.create(pack.parts(), shape), like);
    List<Layer> layers = new ArrayList<>();
    for (BlockWeights weights : parameters.layers()) {
      layers.add(
          (s, x) ->
              kernels.apply(
                  s,
                  "decoder_layer_rows",
                  x,
                  turn.get(0),
                  turn.get(1),
                  rows,
                  mask,
                  home,
                  epsilon,
                  weights));
    }
    return layers;
  }

  /** The table of token embeddings {@code [vocabulary, hidden]}. */
  public NDArray embedding() {
    return parameters.embedding();
  }

  /** Normed hidden states at some tokens: {@code [at, hidden]}, float32. */
  public NDArray lastHidden(NDManager scope, Kernels kernels, NDArray x, NDArray at) {
    return kernels.apply(scope, "last_hidden", x, at, epsilon, parameters.norm());
  }
}
