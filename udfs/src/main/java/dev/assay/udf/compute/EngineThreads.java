package dev.assay.udf.compute;

import ai.djl.engine.Engine;
import ai.djl.pytorch.jni.JniUtils;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;

/**
 * Sets the number of threads that PyTorch uses for one operation on a CPU, so that tasks times
 * threads is the number of the executor's cores. By default each of eight tasks would start eight
 * threads on eight cores.
 *
 * <p>The engine reads the number once, when it starts, so {@link Placement} sets it before the
 * first model is loaded. The user's own setting takes precedence: {@code
 * -Dai.djl.pytorch.num_threads} or {@code OMP_NUM_THREADS}. On a CPU cluster, few tasks with many
 * threads ({@code spark.task.cpus} = {@code spark.executor.cores}) need the least memory. Many
 * tasks with one thread each use the cores best.
 */
public final class EngineThreads {
  private static final String PROPERTY = "ai.djl.pytorch.num_threads";
  private static final String OPTIMIZER = "ai.djl.pytorch.graph_optimizer";
  private static final Pattern LOCAL = Pattern.compile("local\\[(\\d+|\\*).*");

  /** Whether the number was chosen here and not by the user. */
  private static volatile boolean shared;

  private EngineThreads() {}

  /**
   * Sets the number for this JVM, unless it is set. Has no effect once the engine runs. Also turns
   * off the graph optimizer unless it is set: it compiles for every new shape, and nearly every
   * batch has a new shape.
   */
  public static void limit() {
    if (System.getProperty(OPTIMIZER) == null) {
      System.setProperty(OPTIMIZER, "false");
    }
    if (System.getProperty(PROPERTY) == null && System.getenv("OMP_NUM_THREADS") == null) {
      TaskContext task = TaskContext.get();
      SparkEnv spark = SparkEnv.get();
      int cores = Runtime.getRuntime().availableProcessors();
      int threads =
          spark == null ? cores : taskThreads(spark.conf(), cores, task == null ? 1 : task.cpus());
      System.setProperty(PROPERTY, Integer.toString(threads));
      shared = true;
    }
  }

  /**
   * Lets operations of the calling thread use as many threads as the executor has cores, for work
   * that runs alone on the executor. Other threads keep their number. Does nothing where the user
   * set a number.
   *
   * <p>PyTorch has one number for new threads, and each thread copies it at its first use. So the
   * number is raised, copied by this thread, and set back by another.
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
    JniUtils.getNumThreads(); // copies the number
    Thread other = new Thread(() -> JniUtils.setNumThreads(each), "assay-engine-threads");
    other.start();
    try {
      other.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Threads of each task. In local mode the machine is the executor's. On a cluster other executors
   * may run beside it, and it takes no more than the cores that it was given.
   */
  static int taskThreads(SparkConf conf, int cores, int taskCpus) {
    boolean local = conf.get("spark.master", "").startsWith("local");
    int own = local ? cores : Math.min(cores, conf.getInt("spark.executor.cores", cores));
    return Math.max(1, own / taskSlots(conf, cores, taskCpus));
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
