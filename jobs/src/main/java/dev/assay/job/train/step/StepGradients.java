package dev.assay.job.train.step;

/** Computes the gradients of a batch, for the driver or for the executors. */
public interface StepGradients<R> extends BatchGradients<R>, SlicedGradients<R> {}
