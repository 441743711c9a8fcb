/**
 * The models as Spark ML Transformers: {@link dev.assay.udf.Embedder}, {@link dev.assay.udf.Judge}
 * and {@link dev.assay.udf.Reranker}. The only package of this module that knows Spark.
 *
 * <p>A Transformer plans ({@code transformSchema}, {@link dev.assay.udf.PairGroups}) and holds
 * settings; nothing of a model is ever serialised into a task. On an executor a task asks {@link
 * dev.assay.udf.compute.ModelCache} for the model that its settings and its device name; the first
 * task loads it, the others wait and share it. What a task does with its rows is {@link
 * dev.assay.udf.ScorePairs}, {@link dev.assay.udf.RankLists} and {@link dev.assay.udf.EncodeItems}:
 * read items, put them to the model in batches, and give every row back, the bad ones with a
 * reason.
 */
package dev.assay.udf;
