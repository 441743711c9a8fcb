package dev.assay.job.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.assay.retrieval.CandidateBlock;
import dev.assay.retrieval.Exclusion;
import dev.assay.retrieval.QueryBlock;
import dev.assay.udf.compute.DeviceChoice;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.apache.spark.SparkConf;
import org.apache.spark.serializer.JavaSerializer;
import org.apache.spark.serializer.KryoSerializer;
import org.apache.spark.serializer.Serializer;
import org.apache.spark.serializer.SerializerInstance;
import org.apache.spark.sql.Row;
import org.apache.spark.util.LongAccumulator;
import org.junit.jupiter.api.Test;
import scala.Tuple2;
import scala.reflect.ClassTag$;

class SearchSlicesTest {
  private static final QueryBlock QUERY =
      new QueryBlock(
          new String[] {"q"},
          new Exclusion[] {new Exclusion(Set.of("c0"), Set.of("same"), 0.9f)},
          new float[] {1, 0});
  private static final CandidateBlock CANDIDATES =
      new CandidateBlock(
          new String[] {"c0", "c1", "c2", "c3"},
          new String[] {null, "same", null, null},
          new float[] {0, 1, 0.6f, 0.8f, 1, 0, 0.8f, 0.6f});

  @Test
  void searchesBlocksOfOnePoolOnly() {
    LongAccumulator pairs = new LongAccumulator();
    List<Tuple2<List<Tuple2<String, QueryBlock>>, Tuple2<String, CandidateBlock>>> blocks =
        List.of(
            new Tuple2<>(List.of(new Tuple2<>("a", QUERY)), new Tuple2<>("b", CANDIDATES)),
            new Tuple2<>(List.of(new Tuple2<>("a", QUERY)), new Tuple2<>("a", CANDIDATES)));
    Iterator<Row> rows = new SearchSlices(4, DeviceChoice.CPU, pairs, null).call(blocks.iterator());
    List<String> found = new ArrayList<>();
    rows.forEachRemaining(row -> found.add(row.toString()));
    assertEquals(
        List.of(
            "[q,c3,0.8,null,null]",
            "[q,c2,1.0,above_similarity,0.9]",
            "[q,c1,0.6,same_content,null]",
            "[q,c0,0.0,positive,null]"),
        found);
    assertEquals(4, pairs.value());
  }

  @Test
  void blocksTravelByJavaAndByKryo() {
    SparkConf conf = new SparkConf();
    for (Serializer serializer : List.of(new JavaSerializer(conf), new KryoSerializer(conf))) {
      SerializerInstance instance = serializer.newInstance();
      QueryBlock query = copy(instance, QUERY, QueryBlock.class);
      CandidateBlock candidates = copy(instance, CANDIDATES, CandidateBlock.class);
      var blocks =
          List.of(new Tuple2<>(List.of(new Tuple2<>("a", query)), new Tuple2<>("a", candidates)));
      Iterator<Row> rows =
          new SearchSlices(1, DeviceChoice.CPU, new LongAccumulator(), null)
              .call(blocks.iterator());
      assertEquals("[q,c3,0.8,null,null]", rows.next().toString());
    }
  }

  @Test
  void refusesVectorsThatAreNotOfLengthOne() {
    float[] block = new float[2];
    for (float[] vector : new float[][] {{2, 0}, {0, 0}, {Float.NaN, 0}, {1, 0, 0}}) {
      assertThrows(IllegalStateException.class, () -> Vectors.copy("c", vector, block, 0, 2));
    }
  }

  private static <T> T copy(SerializerInstance instance, T value, Class<T> type) {
    ByteBuffer bytes = instance.serialize(value, ClassTag$.MODULE$.apply(type));
    return instance.deserialize(bytes, ClassTag$.MODULE$.<T>apply(type));
  }
}
