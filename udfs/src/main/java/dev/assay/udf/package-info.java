/**
 * The models as Spark ML Transformers: {@link dev.assay.udf.Embedder}, {@link dev.assay.udf.Judge}
 * and {@link dev.assay.udf.Reranker}. Only this package and the packages below it know Spark.
 *
 * <p>A Transformer holds settings and plans ({@code transformSchema}, {@link
 * dev.assay.udf.PairGroups}). Nothing of a model is ever serialised into a task. What a task does
 * with its rows is {@link dev.assay.udf.task}; how rows become items and results become rows is
 * {@link dev.assay.udf.rows}; what tasks compute on, and which models an executor keeps loaded, is
 * {@link dev.assay.udf.compute}.
 */
package dev.assay.udf;
