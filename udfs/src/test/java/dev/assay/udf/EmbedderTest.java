package dev.assay.udf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.EngineException;
import dev.assay.Fixtures;
import dev.assay.embed.ItemEncoder;
import dev.assay.item.BadItemException;
import dev.assay.item.EncodedImage;
import dev.assay.item.Item;
import dev.assay.pack.ImagePacks;
import dev.assay.pack.PackStream;
import dev.assay.pack.PackedImage;
import dev.assay.udf.task.OpenModel;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbedderTest {
  private static final StructType ITEMS =
      new StructType().add("text", DataTypes.StringType).add("image", DataTypes.StringType);
  private static final Queue<Integer> BATCHES = new ConcurrentLinkedQueue<>();

  private final SparkSession spark = TestSpark.session();
  @TempDir Path folder;

  /** Embeds an item as the length of its text and of its image. */
  private record FakeEncoder(int memory) implements ItemEncoder {
    @Override
    public void prepare(Item item) {
      if ("bad".equals(item.text())) {
        throw new BadItemException("too_long", "9000 tokens");
      }
    }

    @Override
    public float[][] encode(List<Item> items) {
      BATCHES.add(items.size());
      boolean huge = items.stream().anyMatch(item -> "huge".equals(item.text()));
      if (items.size() > memory || (huge && memory < Integer.MAX_VALUE)) {
        throw new EngineException("CUDA out of memory");
      }
      return items.stream().map(FakeEncoder::embedding).toArray(float[][]::new);
    }

    private static float[] embedding(Item item) {
      float text = item.text() == null ? 0 : item.text().length();
      float image = item.image() == null ? 0 : item.image().bytes().length;
      return new float[] {"nan".equals(item.text()) ? Float.NaN : text, image};
    }

    @Override
    public String fingerprint() {
      return "fake";
    }

    @Override
    public void close() {}
  }

  @BeforeEach
  void forgetBatches() {
    BATCHES.clear();
  }

  @Test
  void everyRowComesBackInItsPlaceWithItsEmbedding() throws Exception {
    Files.write(folder.resolve("a.png"), new byte[17]);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      rows.add(RowFactory.create("x".repeat(i + 1), i % 3 == 0 ? "a.png" : null));
    }
    for (int partitions : new int[] {1, 3}) {
      List<Row> embedded =
          embedder()
              .transform(items(rows).repartition(partitions).sortWithinPartitions("text"))
              .orderBy("text")
              .collectAsList();
      assertEquals(100, embedded.size());
      for (int i = 0; i < 100; i++) {
        assertEquals(
            List.of(i + 1f, i % 3 == 0 ? 17f : 0f), embedded.get(i).getList(2), "row " + i);
        assertNull(embedded.get(i).get(3));
      }
    }
  }

  @Test
  void readsImagesFromPacksAsFromFiles() throws Exception {
    byte[] png = Files.readAllBytes(Fixtures.path("images").resolve("small.png"));
    Files.write(folder.resolve("a.png"), png);
    String pack = "0".repeat(32) + ".tar";
    long offset;
    try (OutputStream out = Files.newOutputStream(folder.resolve(pack))) {
      offset = new PackStream(out).add(EncodedImage.of(png));
    }
    String place = new PackedImage(pack, offset, png.length, "a.png").toString();

    List<?> fromFile = embedder().transform(items(List.of(row("a.png")))).first().getList(2);
    List<?> fromPack =
        embedder()
            .setImageRoot(ImagePacks.root(folder.toUri().toString()))
            .transform(items(List.of(row(place))))
            .first()
            .getList(2);

    assertEquals(List.of(1f, (float) png.length), fromFile);
    assertEquals(fromFile, fromPack);
  }

  private static Row row(String image) {
    return RowFactory.create("t", image);
  }

  @Test
  void putsBatchSizeRowsToTheModelAtOnce() {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      rows.add(RowFactory.create("t" + i, null));
    }
    embedder().setBatchSize(4).transform(items(rows).coalesce(1)).collectAsList();
    assertEquals(List.of(4, 4, 2), List.copyOf(BATCHES));
  }

  @Test
  void badRowsGetNullAndAReason() {
    List<Row> rows =
        List.of(
            RowFactory.create("good", null),
            RowFactory.create("bad", null),
            RowFactory.create("nan", null),
            RowFactory.create("", null),
            RowFactory.create("lost", "gone.png"),
            RowFactory.create("also good", ""));
    List<Row> embedded = embedder().transform(items(rows).coalesce(1)).collectAsList();

    assertEquals(List.of(4f, 0f), embedded.get(0).getList(2));
    assertBad("too_long: 9000 tokens", embedded.get(1));
    assertBad("nan_embedding: the embedding holds NaN", embedded.get(2));
    assertBad("empty_item: neither text nor image", embedded.get(3));
    assertTrue(embedded.get(4).getString(3).startsWith("missing_image: gone.png"));
    assertEquals(List.of(9f, 0f), embedded.get(5).getList(2));
  }

  @Test
  void withLittleMemoryOnlyTheItemThatDoesNotFitAloneIsLost() {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      rows.add(RowFactory.create(i == 11 ? "huge" : "t" + i, null));
    }
    Embedder small = embedder().withSource(settings -> OpenModel.of(new FakeEncoder(3)));
    List<Row> embedded = small.transform(items(rows).coalesce(1)).collectAsList();

    for (int i = 0; i < 20; i++) {
      if (i == 11) {
        assertBad("out_of_memory: CUDA out of memory", embedded.get(i));
      } else {
        assertEquals(List.of(i < 10 ? 2f : 3f, 0f), embedded.get(i).getList(2));
      }
    }
  }

  @Test
  void isSavedAndLoadedWithItsSettings() throws Exception {
    Embedder embedder = embedder().setMaxImagePixels(12345).setBatchSize(5);
    embedder.save(folder.resolve("embedder").toString());
    Embedder loaded = Embedder.load(folder.resolve("embedder").toString());

    assertEquals(embedder.uid(), loaded.uid());
    assertEquals(12345L, loaded.getOrDefault(loaded.maxImagePixels()));
    assertEquals(5, loaded.getOrDefault(loaded.batchSize()));
    assertEquals(List.of("text", "image"), List.of(loaded.getOrDefault(loaded.inputCols())));
    assertEquals(2048, loaded.getOrDefault(loaded.maxTokens()));
  }

  @Test
  void namesWhatIsWrongWithTheSchema() {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> embedder().setInputCols("text").transformSchema(ITEMS));
    assertEquals(
        "Cannot embed: inputCols names 1 columns, but [text, image] are needed", e.getMessage());
  }

  private static void assertBad(String error, Row row) {
    assertNull(row.get(2));
    assertEquals(error, row.getString(3));
  }

  private Embedder embedder() {
    return new Embedder()
        .setModelUrl("nowhere")
        .setInputCols("text", "image")
        .setImageRoot(folder.toUri().toString())
        .setOutputCol("embedding")
        .setErrorCol("error")
        .withSource(settings -> OpenModel.of(new FakeEncoder(Integer.MAX_VALUE)));
  }

  private Dataset<Row> items(List<Row> rows) {
    return spark.createDataFrame(rows, ITEMS).select("text", "image");
  }
}
