package dev.assay.retrieval;

import ai.djl.ndarray.NDManager;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Native memory in which numbers wait for the device. It is used again and grows. */
final class Staging {
  private ByteBuffer memory = ByteBuffer.allocateDirect(0);

  /** So many bytes, with what was written last. What was staged before is lost. */
  ByteBuffer bytes(NDManager manager, int count) {
    if (memory.capacity() < count) {
      memory = manager.allocateDirect(count);
    }
    return memory.slice(0, count).order(ByteOrder.nativeOrder());
  }
}
