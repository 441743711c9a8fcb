package dev.assay.model;

/** What a model computes in. Margins and embeddings leave as float32 either way. */
public enum Precision {
  FLOAT32,
  BFLOAT16
}
