package dev.assay.job.search;

import ai.djl.Device;
import dev.assay.retrieval.CandidateBlock;
import dev.assay.udf.compute.DeviceChoice;
import dev.assay.udf.compute.Placement;
import dev.assay.udf.compute.PrecisionChoice;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.broadcast.Broadcast;
import scala.Tuple2;

/** Brings the candidates of one cell together. */
final class CellBlocks {
  /** Between the pool and the cell in the name of a block. No number has it. */
  private static final char SEPARATOR = '#';

  private CellBlocks() {}

  /** A cell of a pool, as the name of its blocks. */
  static String name(String pool, int cell) {
    return cell + (SEPARATOR + pool);
  }

  static int cell(String name) {
    return Integer.parseInt(name.substring(0, name.indexOf(SEPARATOR)));
  }

  static String pool(String name) {
    return name.substring(name.indexOf(SEPARATOR) + 1);
  }

  /**
   * Blocks of one pool and one cell each.
   *
   * @param blocks of one pool each
   * @param slices partitions of the result; a cell of a pool is in one of them
   * @param size candidates in a block, at most
   */
  static JavaRDD<Tuple2<String, CandidateBlock>> of(
      JavaRDD<Tuple2<String, CandidateBlock>> blocks,
      Broadcast<Probing> probing,
      DeviceChoice device,
      int slices,
      int size) {
    return blocks
        .flatMapToPair(
            block -> {
              Device here = Placement.here(device, PrecisionChoice.FLOAT32).device();
              return split(block, probing.value(), here).iterator();
            })
        .groupByKey(slices)
        .flatMap(cell -> joined(cell._1(), cell._2(), size).iterator());
  }

  /** The candidates of a block by their cells. */
  private static List<Tuple2<String, CandidateBlock>> split(
      Tuple2<String, CandidateBlock> block, Probing probing, Device device) {
    int[][] cells = probing.cells().nearest(block._2().vectors(), 1, device);
    Map<Integer, List<Integer>> places = new TreeMap<>();
    for (int i = 0; i < cells.length; i++) {
      places.computeIfAbsent(cells[i][0], cell -> new ArrayList<>()).add(i);
    }
    List<Tuple2<String, CandidateBlock>> split = new ArrayList<>();
    places.forEach(
        (cell, some) ->
            split.add(new Tuple2<>(name(block._1(), cell), block._2().some(ints(some)))));
    return split;
  }

  /** The pieces of a cell as blocks of about the given size. */
  private static List<Tuple2<String, CandidateBlock>> joined(
      String name, Iterable<CandidateBlock> pieces, int size) {
    List<Tuple2<String, CandidateBlock>> blocks = new ArrayList<>();
    List<CandidateBlock> together = new ArrayList<>();
    int rows = 0;
    for (CandidateBlock piece : pieces) {
      if (rows > 0 && rows + piece.size() > size) {
        blocks.add(new Tuple2<>(name, CandidateBlock.together(together)));
        together.clear();
        rows = 0;
      }
      together.add(piece);
      rows += piece.size();
    }
    blocks.add(new Tuple2<>(name, CandidateBlock.together(together)));
    return blocks;
  }

  static int[] ints(List<Integer> numbers) {
    return numbers.stream().mapToInt(Integer::intValue).toArray();
  }
}
