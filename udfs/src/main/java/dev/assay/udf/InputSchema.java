package dev.assay.udf;

import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.NullType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Checks of the columns that a Transformer gets.
 *
 * @param verb what cannot be done if a check fails, for messages: {@code embed}
 */
record InputSchema(StructType schema, String verb) {
  /**
   * @throws IllegalArgumentException unless the condition holds
   */
  static void require(boolean holds, String verb, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException("Cannot " + verb + ": " + otherwise);
    }
  }

  /** Requires a column. */
  void column(String name) {
    require(
        Arrays.asList(schema.fieldNames()).contains(name),
        "no column '" + name + "' among " + String.join(", ", schema.fieldNames()));
  }

  /** Requires a column with the text of an item. */
  void text(String name, String meaning) {
    DataType type = type(name);
    requireType(name, isString(type), meaning + " must be string");
  }

  /** Requires a column with the image of an item. */
  void image(String name, String meaning) {
    DataType type = type(name);
    requireType(
        name,
        isString(type) || type instanceof BinaryType,
        meaning + " must be string (a path) or binary (the file)");
  }

  /** Requires a column with the content hash of an item. */
  void contentHash(String name) {
    requireType(name, isString(type(name)), "a content hash must be string");
  }

  /** The columns with those of the output behind them. */
  StructType with(List<StructField> outputs) {
    StructType result = schema;
    for (StructField output : outputs) {
      require(
          Arrays.stream(result.fieldNames()).noneMatch(output.name()::equalsIgnoreCase),
          "output column '" + output.name() + "' is already there");
      result = result.add(output);
    }
    return result;
  }

  private DataType type(String name) {
    column(name);
    return schema.apply(name).dataType();
  }

  private void requireType(String name, boolean fits, String expected) {
    require(
        fits,
        "column '"
            + name
            + "' is "
            + schema.apply(name).dataType().catalogString()
            + ", but "
            + expected);
  }

  private static boolean isString(DataType type) {
    return type instanceof StringType || type instanceof NullType;
  }

  private void require(boolean holds, String otherwise) {
    require(holds, verb, otherwise);
  }
}
