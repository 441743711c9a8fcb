package dev.assay.udf.compute;

import ai.djl.engine.Engine;
import ai.djl.pytorch.jni.JniUtils;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;

/**
 * Threads that PyTorch uses for one operation on a CPU: as many as make tasks times threads equal
 * the cores of the executor. Left alone, each of eight tasks would start eight threads on eight
 * cores.
 *
 * <p>The engine reads this once, when it starts, so it has to be set before the first model is
 * loaded: {@link ModelCache}'s users do. What the user set wins, be it {@code
 * -Dai.djl.pytorch.num_threads} or {@code OMP_NUM_THREADS}. On a CPU cluster few tasks with many
 * threads ({@code spark.task.cpus} = {@code spark.executor.cores}) need the least memory; many
 * tasks with one thread each waste none in the parts that are not parallel.
 */
public final class EngineThreads {
  private static final String PROPERTY = "ai.djl.pytorch.num_threads";
  private static final String OPTIMIZER = "ai.djl.pytorch.graph_optimizer";
  private static final Pattern LOCAL = Pattern.compile("local\\[(\\d+|\\*).*");

  /** Whether the number was chosen here, not by the user. */
  private static volatile boolean shared;

  private EngineThreads() {}

  /**
   * Sets the number for this JVM, unless it is set. Has no effect once the engine runs. Turns the
   * graph optimizer off as well, unless it is set: it would compile anew for every new shape, and
   * here nearly every batch has one.
   */
  public static void limit() {
    if (System.getProperty(OPTIMIZER) == null) {
      System.setProperty(OPTIMIZER, "false");
    }
    if (System.getProperty(PROPERTY) == null && System.getenv("OMP_NUM_THREADS") == null) {
      TaskContext task = TaskContext.get();
      SparkEnv spark = SparkEnv.get();
      int cores = Runtime.getRuntime().availableProcessors();
      int slots =
          spark == null ? 1 : taskSlots(spark.conf(), cores, task == null ? 1 : task.cpus());
      System.setProperty(PROPERTY, Integer.toString(Math.max(1, cores / slots)));
      shared = true;
    }
  }

  /**
   * Lets operations of the calling thread use as many threads as the executor has cores, for work
   * that has the executor to itself. Those of other threads stay as they are. Not where the user
   * set a number.
   *
   * <p>PyTorch keeps one number for threads that come to it for the first time, and one in each
   * that has: so the first is set, taken over by this thread, and put back by another.
   */
  static void takeAllCores() {
    if (!shared) {
      return;
    }
    int cores = Runtime.getRuntime().availableProcessors();
    SparkEnv spark = SparkEnv.get();
    int all = spark == null ? cores : Math.min(cores, taskSlots(spark.conf(), cores, 1));
    int each = Integer.getInteger(PROPERTY);
    Engine.getEngine("PyTorch"); // starts it, with that number
    JniUtils.setNumThreads(all);
    JniUtils.getNumThreads(); // what takes it over
    Thread other = new Thread(() -> JniUtils.setNumThreads(each), "assay-engine-threads");
    other.start();
    try {
      other.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Tasks that run side by side in this executor. */
  static int taskSlots(SparkConf conf, int cores, int taskCpus) {
    String master = conf.get("spark.master", "");
    Matcher local = LOCAL.matcher(master);
    int executorCores;
    if (master.equals("local")) {
      executorCores = 1;
    } else if (local.matches()) {
      executorCores = local.group(1).equals("*") ? cores : Integer.parseInt(local.group(1));
    } else {
      executorCores = conf.getInt("spark.executor.cores", cores);
    }
    return Math.max(1, executorCores / Math.max(1, taskCpus));
  }
}
