package dev.assay.checkpoint.writing;

import dev.assay.checkpoint.CheckpointFolder;
import dev.assay.checkpoint.tensors.StoredTensor;
import dev.assay.checkpoint.tensors.StoredType;
import dev.assay.checkpoint.weights.TensorIndex;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import org.apache.hadoop.fs.FSDataInputStream;

/** Copies tensors of one checkpoint into another, piece by piece. */
final class CopiedTensor {
  private static final int PIECE_BYTES = 4 << 20;

  private CopiedTensor() {}

  /** The bytes as they are stored, of any type. */
  static OutgoingTensor asStored(CheckpointFolder folder, StoredTensor tensor) {
    return new OutgoingTensor(
        tensor.name(),
        tensor.type(),
        tensor.shape(),
        tensor.length(),
        out -> {
          byte[] piece = new byte[(int) Math.min(PIECE_BYTES, tensor.length())];
          try (FSDataInputStream in = folder.open(tensor.file())) {
            in.seek(tensor.offset());
            for (long left = tensor.length(); left > 0; left -= piece.length) {
              int size = (int) Math.min(piece.length, left);
              in.readFully(piece, 0, size);
              out.write(piece, 0, size);
            }
          }
        });
  }

  /** The values, with an adapter's update added, rounded to a type. */
  static OutgoingTensor rounded(TensorIndex index, String name, StoredType to) {
    StoredTensor tensor = index.stored(name);
    StoredType from = index.check(name, tensor.shape());
    return new OutgoingTensor(
        tensor.name(),
        to.name(),
        tensor.shape(),
        tensor.count() * to.bytes(),
        out -> {
          float[] values = new float[PIECE_BYTES / from.bytes()];
          index.read(
              name,
              0,
              tensor.shape().isEmpty() ? 1 : tensor.shape().get(0),
              ByteBuffer.allocate(PIECE_BYTES),
              (first, bytes) -> {
                int count = bytes.remaining() / from.bytes();
                from.get(bytes, values, 0);
                try {
                  OutgoingTensor.write(tensor.name(), values, count, to, out);
                } catch (IOException e) {
                  throw new UncheckedIOException(
                      e); // a failure of the output; reading throws CheckpointException
                }
              });
        });
  }
}
