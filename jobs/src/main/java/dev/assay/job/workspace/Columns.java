package dev.assay.job.workspace;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.exists;
import static org.apache.spark.sql.functions.isnan;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.raise_error;
import static org.apache.spark.sql.functions.when;

import java.util.Arrays;
import java.util.Locale;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Checks rows against the columns of their table in {@link Tables} before they are written. */
final class Columns {
  private Columns() {}

  /**
   * The same rows with exactly the table's columns, in its order. Writing them fails where a number
   * is NaN.
   *
   * @throws IllegalArgumentException if a column is missing or of another type: an error in the
   *     job, not in its use
   */
  static Dataset<Row> conform(String table, Dataset<Row> rows) {
    return Tables.schema(table).map(schema -> conform(table, rows, schema)).orElse(rows);
  }

  private static Dataset<Row> conform(String table, Dataset<Row> rows, StructType schema) {
    StructType found = rows.schema();
    return rows.select(
        Arrays.stream(schema.fields())
            .map(
                field -> {
                  if (!Arrays.asList(found.fieldNames()).contains(field.name())
                      || !DataType.equalsStructurally(
                          field.dataType(), found.apply(field.name()).dataType(), true)) {
                    throw new IllegalArgumentException(
                        String.format(
                            Locale.ROOT,
                            "Cannot write table %s: column %s must be %s, the rows have %s",
                            table,
                            field.name(),
                            field.dataType().catalogString(),
                            found.catalogString()));
                  }
                  return withoutNan(table, field);
                })
            .toArray(Column[]::new));
  }

  private static Column withoutNan(String table, StructField field) {
    Column value = col(field.name());
    Column broken;
    if (field.dataType().equals(DataTypes.FloatType)
        || field.dataType().equals(DataTypes.DoubleType)) {
      broken = isnan(value);
    } else if (field.dataType() instanceof ArrayType array
        && array.elementType().equals(DataTypes.FloatType)) {
      broken = exists(value, element -> isnan(element));
    } else {
      return value;
    }
    String message = "Cannot write table " + table + ": NaN in column " + field.name();
    return when(broken, raise_error(lit(message)).cast(field.dataType()))
        .otherwise(value)
        .as(field.name());
  }
}
