package dev.assay.job.train;

import dev.assay.job.train.data.MinedRow;
import dev.assay.job.train.step.BatchTasks;
import dev.assay.job.train.step.ReplicaTasks.ExampleMaker;
import dev.assay.job.train.step.StepGradients;
import dev.assay.udf.compute.ReplicaFactory;
import java.util.function.Function;

/**
 * A kind of model that is trained on mined lists: what an embedder and a reranker do differently.
 *
 * @param output where the workspace keeps it, such as {@code models/embedder}
 * @param head whether it needs the output head
 * @param factory opens replicas on the executors
 * @param examples makes their examples of rows
 * @param gradients how a batch's gradients are computed
 * @param <E> an example
 */
record TrainedModel<E>(
    String output,
    boolean head,
    ReplicaFactory<E> factory,
    ExampleMaker<MinedRow, E> examples,
    Function<BatchTasks<MinedRow, E>, StepGradients<MinedRow>> gradients) {}
