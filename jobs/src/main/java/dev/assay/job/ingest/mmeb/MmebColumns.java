package dev.assay.job.ingest.mmeb;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.when;

import dev.assay.job.failure.SettingsException;
import dev.assay.job.workspace.Tables;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Base64;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.schema.MessageType;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.execution.datasources.parquet.ParquetToSparkSchemaConverter;
import org.apache.spark.sql.internal.SQLConf;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The columns of a Parquet file of MMEB. A column of images holds paths, or the images themselves
 * as the Hugging Face library writes them: a struct of {@code bytes} and {@code path}.
 */
final class MmebColumns {
  private static final String BYTES = "bytes";
  private static final String PATH = "path";
  private static final StructType STORED_IMAGE =
      new StructType().add(BYTES, DataTypes.BinaryType).add(PATH, DataTypes.StringType);

  private MmebColumns() {}

  /**
   * The columns to read from a file, with the types that it has.
   *
   * @throws SettingsException if a column is missing or of another type, or the file is not Parquet
   */
  static StructType of(Path file, MmebRows rows, Configuration hadoop, SQLConf settings) {
    StructType found = footer(file, hadoop, settings);
    StructType columns = new StructType();
    for (int i = 0; i < rows.columns().size(); i++) {
      StructField wanted = rows.columns().fields()[i];
      boolean there = Arrays.asList(found.fieldNames()).contains(wanted.name());
      DataType type = there ? found.apply(wanted.name()).dataType() : null;
      if (there ? !fits(type, wanted) : i < MmebRows.REQUIRED) {
        throw new SettingsException(
            "Cannot ingest %s: column %s must be %s, but the file has %s"
                .formatted(
                    file, wanted.name(), wanted.dataType().catalogString(), found.catalogString()));
      }
      columns = columns.add(wanted.name(), isStored(type) ? stored(wanted) : wanted.dataType());
    }
    return columns;
  }

  private static StructType footer(Path file, Configuration hadoop, SQLConf settings) {
    try (ParquetFileReader reader =
        ParquetFileReader.open(HadoopInputFile.fromPath(file, hadoop))) {
      MessageType schema = reader.getFooter().getFileMetaData().getSchema();
      return new ParquetToSparkSchemaConverter(settings).convert(schema);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + file + ": " + e.getMessage(), e);
    } catch (RuntimeException e) {
      String why = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
      throw new SettingsException("Cannot ingest " + file + ": not a Parquet file: " + why, e);
    }
  }

  private static boolean fits(DataType type, StructField wanted) {
    return DataType.equalsStructurally(type, wanted.dataType(), true)
        || (wanted.name().endsWith("_path") && isStored(type));
  }

  private static DataType stored(StructField wanted) {
    return wanted.dataType() instanceof ArrayType
        ? DataTypes.createArrayType(STORED_IMAGE)
        : STORED_IMAGE;
  }

  private static boolean isStored(DataType type) {
    DataType one = type instanceof ArrayType array ? array.elementType() : type;
    return one instanceof StructType fields
        && Arrays.asList(fields.fieldNames()).contains(BYTES)
        && fields.apply(BYTES).dataType().equals(DataTypes.BinaryType)
        && Arrays.asList(fields.fieldNames()).contains(PATH)
        && fields.apply(PATH).dataType().equals(DataTypes.StringType);
  }

  /** The paths of all images that are not stored in the rows: one column. */
  static Dataset<Row> images(Dataset<Row> read, MmebRows rows) {
    Dataset<Row> images = null;
    for (String name : rows.columns().fieldNames()) {
      if (!name.endsWith("_path")) {
        continue;
      }
      DataType type = read.schema().apply(name).dataType();
      Dataset<Row> values =
          read.select(
              (type instanceof ArrayType ? explode(col(name)) : col(name)).as(Tables.IMAGE));
      if (isStored(type)) {
        Column image = col(Tables.IMAGE);
        values =
            values.select(
                when(image.getField(BYTES).isNull(), image.getField(PATH)).as(Tables.IMAGE));
      }
      images = images == null ? values : images.union(values);
    }
    return images;
  }

  /**
   * A path, or a stored image as a {@code data:} URI, so that tables hold it as they hold a path.
   *
   * @param value of a column of images
   */
  static String image(Object value) {
    if (!(value instanceof Row stored)) {
      return (String) value;
    }
    byte[] bytes = stored.getAs(BYTES);
    return bytes == null || bytes.length == 0
        ? stored.getAs(PATH)
        : "data:application/octet-stream;base64," + Base64.getEncoder().encodeToString(bytes);
  }
}
