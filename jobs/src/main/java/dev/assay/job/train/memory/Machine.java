package dev.assay.job.train.memory;

import ai.djl.util.cuda.CudaUtils;
import com.sun.management.OperatingSystemMXBean;
import dev.assay.udf.compute.Placement;
import java.io.Serializable;
import java.lang.management.ManagementFactory;

/**
 * The memory of a machine. Ask on the machine itself.
 *
 * @param heap bytes that its JVM may use
 * @param device bytes where models are: of the GPU, or of the machine or its container
 * @param gpu whether models are on a GPU
 * @param numberBytes bytes of a frozen number in the precision of the computation
 */
public record Machine(long heap, long device, boolean gpu, int numberBytes)
    implements Serializable {

  /** The one that this runs on. */
  public static Machine here(Placement placement) {
    boolean gpu = placement.device().isGpu();
    long memory =
        gpu
            ? CudaUtils.getGpuMemory(placement.device()).getMax()
            : ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
    int bytes =
        switch (placement.precision()) {
          case FLOAT32 -> Float.BYTES;
          case BFLOAT16 -> Short.BYTES;
        };
    return new Machine(Runtime.getRuntime().maxMemory(), memory, gpu, bytes);
  }
}
