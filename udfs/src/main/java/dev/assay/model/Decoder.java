package dev.assay.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.assay.checkpoint.config.DecoderConfig;
import dev.assay.checkpoint.weights.OutputHead;
import dev.assay.kernels.BlockWeights;
import dev.assay.kernels.Kernels;
import dev.assay.model.tokens.SegmentPack;
import dev.assay.model.tokens.SequencePack;
import java.util.ArrayList;
import java.util.List;

/** The language model, from token embeddings to the last tokens' hidden states. */
public final class Decoder {
  /** Numbers in the mask of segments side by side; above that they are not worth it. */
  private static final long MOST_OF_A_MASK = 1 << 22;

  /** The decoder's weights. */
  record Parameters(NDArray embedding, List<BlockWeights> layers, NDArray norm) {
    static Parameters of(DecoderConfig config, TensorSource source) {
      long d = config.hidden();
      NDArray embedding = source.tensor(OutputHead.EMBEDDINGS, config.vocabulary(), d);
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
  private final long group; // query heads that share a key head
  private final NDArray groups; // the same, for kernels

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
    this.group = config.heads() / config.keyValueHeads();
    this.groups = host.create(group);
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
   * Runs a sequence behind a past. Of the last layer only keys and values are computed: nothing
   * else of it is kept.
   *
   * @param x {@code [n, hidden]}, closed by this call
   * @param past the past that all tokens see, or null
   * @return each layer's keys and values, the past's included
   */
  NDList keysAndValues(NDManager scope, Kernels kernels, NDArray x, SegmentPack pack, Past past) {
    try (NDManager inner = scope.newSubManager()) {
      Shared shared = shared(inner, kernels, pack, past);
      NDArray mask = packMask(inner, kernels, pack, shared);
      NDList all = new NDList();
      int last = parameters.layers().size() - 1;
      for (int i = 0; i < last; i++) {
        NDList results = kernels.run(inner, "decoder_layer", arguments(x, shared, i, mask));
        x.close();
        x = results.get(0);
        all.add(results.get(1));
        all.add(results.get(2));
      }
      all.addAll(kernels.run(inner, "decoder_keys", arguments(x, shared, last)));
      x.close();
      all.attach(scope);
      return all;
    }
  }

  /**
   * Runs segments, each of which sees the past and itself. The last layer is computed for the last
   * tokens alone.
   *
   * @param x {@code [n, hidden]}, closed by this call
   * @param past the past that all tokens see, or null
   * @return the last tokens' normed hidden states {@code [segments, hidden]}, float32
   */
  NDArray lastHidden(NDManager scope, Kernels kernels, NDArray x, SegmentPack pack, Past past) {
    try (NDManager inner = scope.newSubManager()) {
      Shared shared = shared(inner, kernels, pack, past);
      int last = parameters.layers().size() - 1;
      boolean sideBySide = isSideBySideCheaper(pack, past == null ? 0 : past.length());
      NDArray[] seen =
          sideBySide
              ? sideBySide(inner, kernels, pack, shared)
              : new NDArray[] {packMask(inner, kernels, pack, shared)};
      String layer = sideBySide ? "decoder_layer_ends" : "decoder_layer";
      for (int i = 0; i < last; i++) {
        NDList results = kernels.run(inner, layer, arguments(x, shared, i, seen));
        x.close();
        x = results.get(0);
        results.stream().skip(1).forEach(NDArray::close);
      }
      NDArray at = inner.create(pack.last());
      NDArray segments = inner.create(pack.segments());
      NDArray mask = kernels.apply(inner, "pick_mask", segments, at, shared.past().get(0), like);
      NDArray hidden =
          kernels.apply(inner, "decoder_layer_last", arguments(x, shared, last, at, mask));
      x.close();
      return kernels.apply(scope, "normed", hidden, epsilon, parameters.norm());
    }
  }

  /**
   * What all layers of a pass need.
   *
   * @param turn cosines and sines
   * @param past keys and values of each layer, or the same empty ones for all
   */
  private record Shared(NDList turn, NDList past) {
    NDArray past(int layer, int which) {
      return past.get(past.size() == 2 ? which : 2 * layer + which);
    }
  }

  private Shared shared(NDManager scope, Kernels kernels, SegmentPack pack, Past past) {
    NDList turn = rotary.at(scope, kernels, pack.positions());
    if (past != null) {
      return new Shared(turn, past.keysAndValues());
    }
    NDArray empty = scope.zeros(noPast);
    NDArray none =
        like.getDataType() == empty.getDataType() ? empty : kernels.apply(scope, "bfloat16", empty);
    return new Shared(turn, new NDList(none, none));
  }

  /** A layer's arguments: x, cos, sin, what the kernel alone needs, the past, and the weights. */
  private Object[] arguments(NDArray x, Shared shared, int layer, NDArray... own) {
    List<Object> all = new ArrayList<>(List.of(x, shared.turn().get(0), shared.turn().get(1)));
    all.addAll(List.of(own));
    all.addAll(List.of(shared.past(layer, 0), shared.past(layer, 1), epsilon));
    all.add(parameters.layers().get(layer));
    return all.toArray();
  }

  private NDArray packMask(NDManager scope, Kernels kernels, SegmentPack pack, Shared shared) {
    NDArray segments = scope.create(pack.segments());
    return kernels.apply(scope, "pack_mask", segments, shared.past().get(0), like);
  }

  /**
   * Whether attention takes fewer steps with each segment in a row of its own, padded to the
   * longest one, than with all of them in one row, masked for each other.
   */
  private boolean isSideBySideCheaper(SegmentPack pack, long past) {
    long longest = pack.longest();
    long tokens = pack.tokens();
    return pack.ends().length * longest * (past + longest) < tokens * (past + tokens)
        && group * longest * (past + longest) <= MOST_OF_A_MASK;
  }

  /** Rows, home and mask of segments side by side. */
  private NDArray[] sideBySide(NDManager scope, Kernels kernels, SegmentPack pack, Shared shared) {
    NDArray rows = scope.create(pack.rows(), new Shape(pack.ends().length, pack.longest()));
    NDArray past = shared.past().get(0);
    NDArray mask = kernels.apply(scope, "ends_mask", rows, past, groups, like);
    return new NDArray[] {rows, scope.create(pack.home()), mask};
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
