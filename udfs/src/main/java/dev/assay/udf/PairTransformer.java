package dev.assay.udf;

import java.util.List;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.sql.SparkSession;

/**
 * What {@link Judge} and {@link Reranker} have in common: rows are pairs of a query and a
 * candidate, and the model gets an instruction.
 *
 * @param <T> the concrete class, so that setters chain
 */
public abstract class PairTransformer<T extends PairTransformer<T>> extends ModelTransformer<T> {
  private static final long serialVersionUID = 1L;

  private final Param<String> instruction;
  private final Param<String> queryHashCol;
  private final Param<String> candidateHashCol;
  private final IntParam numPartitions;

  PairTransformer(String uid) {
    super(uid);
    instruction = text("instruction", "the model's instruction; empty: the paper's instruction");
    queryHashCol = hash("queryHashCol", "query");
    candidateHashCol = hash("candidateHashCol", "candidate");
    numPartitions =
        new IntParam(
            uid,
            "numPartitions",
            "tasks of the stage; 0: spark.sql.shuffle.partitions",
            ParamValidators.gtEq(0));
    setDefault(instruction, "");
    setDefault(queryHashCol, "");
    setDefault(candidateHashCol, "");
    setDefault(numPartitions, 0);
    setDefault(batchSize(), 64);
  }

  public Param<String> instruction() {
    return instruction;
  }

  public Param<String> queryHashCol() {
    return queryHashCol;
  }

  public Param<String> candidateHashCol() {
    return candidateHashCol;
  }

  public IntParam numPartitions() {
    return numPartitions;
  }

  public T setInstruction(String text) {
    set(instruction, text);
    return self();
  }

  /**
   * Names the columns that hold the content hashes ({@link dev.assay.item.ContentHash}) under which
   * query and candidate were ingested. An image that has other bytes now is the error {@code
   * changed_image}. Empty names, and rows without a hash, are not checked.
   */
  public T setHashCols(String query, String candidate) {
    set(queryHashCol, query);
    set(candidateHashCol, candidate);
    return self();
  }

  /** More tasks spread better and lose less when one fails. Fewer read shared images less often. */
  public T setNumPartitions(int tasks) {
    set(numPartitions, tasks);
    return self();
  }

  @Override
  final List<String> inputs() {
    return List.of("query_text", "query_image", "candidate_text", "candidate_image");
  }

  @Override
  final List<Param<String>> hashCols() {
    return List.of(queryHashCol, candidateHashCol);
  }

  /** The instruction that is set, or else another. */
  final String instructionOr(String paper) {
    String text = getOrDefault(instruction);
    return text.isEmpty() ? paper : text;
  }

  /** The tasks of the stage. */
  final int partitions(SparkSession spark) {
    int wanted = (int) getOrDefault(numPartitions);
    return wanted > 0 ? wanted : Integer.parseInt(spark.conf().get("spark.sql.shuffle.partitions"));
  }
}
