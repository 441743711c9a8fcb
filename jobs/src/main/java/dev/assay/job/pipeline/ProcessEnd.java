package dev.assay.job.pipeline;

import org.apache.spark.SparkUserAppException;

/**
 * How the process ends after a command line. In cluster deploy mode the process is Spark's: it
 * takes the return of {@code main} for success, an exception for failure, and {@code System.exit}
 * for a crash, whatever the status. Everywhere else the caller reads the exit status.
 */
public final class ProcessEnd {
  private static final String DEPLOY_MODE = "spark.submit.deployMode";

  private ProcessEnd() {}

  /** Whether Spark started this process for itself and waits for {@code main} to return. */
  public static boolean isSparks() {
    return "cluster".equals(System.getProperty(DEPLOY_MODE));
  }

  /**
   * Ends the process, or returns where it is Spark's and all went well.
   *
   * @param status 0 for success
   * @throws Exception Spark's own, where the process is Spark's: Spark reports its status, and
   *     prints no stack trace
   */
  public static void with(int status) throws Exception {
    if (!isSparks()) {
      System.exit(status);
    } else if (status != 0) {
      throw new SparkUserAppException(status, null);
    }
  }
}
