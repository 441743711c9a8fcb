package dev.assay.checkpoint;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardOpenOption;
import java.util.stream.IntStream;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;

/**
 * Reads a range of a file into a buffer, its pieces side by side. On a local disk the kernel writes
 * straight into the buffer: one copy.
 *
 * <p>The file is read and not mapped. Weights that are mapped would change with the file while they
 * are computed with, and a file that is cut off would end the process.
 */
final class FileRange {
  private static final int LOCAL_PIECE_BYTES = 4 << 20;
  private static final int REMOTE_PIECE_BYTES = 32 << 20; // each piece is a request of its own
  private static final int REMOTE_STEP_BYTES = 1 << 20;

  private FileRange() {}

  /**
   * Fills what remains of a buffer.
   *
   * @param position of the first byte in the file
   * @throws EOFException if the file ends before the range does
   */
  static void read(FileSystem fileSystem, Path file, long position, ByteBuffer into)
      throws IOException {
    boolean local = fileSystem.getClass() == RawLocalFileSystem.class;
    read(fileSystem, file, position, into, local ? LOCAL_PIECE_BYTES : REMOTE_PIECE_BYTES);
  }

  /** The same in pieces of another size. */
  static void read(FileSystem fileSystem, Path file, long position, ByteBuffer into, int pieceBytes)
      throws IOException {
    if (fileSystem.getClass() == RawLocalFileSystem.class) {
      readLocal(
          ((RawLocalFileSystem) fileSystem).pathToFile(file).toPath(), position, into, pieceBytes);
    } else {
      eachPiece(into, pieceBytes, (at, to) -> readRemote(fileSystem, file, position + at, to));
      into.position(into.limit());
    }
  }

  /**
   * Fills what remains of a buffer from a copy that other processes may remove.
   *
   * @return false if the copy is gone
   */
  static boolean readCopy(java.nio.file.Path copy, long position, ByteBuffer into)
      throws IOException {
    try {
      readLocal(copy, position, into, LOCAL_PIECE_BYTES);
      return true;
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  private static void readLocal(
      java.nio.file.Path file, long position, ByteBuffer into, int pieceBytes) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      eachPiece(into, pieceBytes, (at, to) -> readLocal(channel, position + at, to));
    }
    into.position(into.limit());
  }

  @FunctionalInterface
  private interface Piece {
    void read(long at, ByteBuffer to) throws IOException;
  }

  private static void eachPiece(ByteBuffer into, int size, Piece piece) throws IOException {
    int length = into.remaining();
    int pieces = (int) (((long) length + size - 1) / size);
    try {
      IntStream.range(0, pieces)
          .parallel()
          .forEach(
              i -> {
                int at = i * size;
                int end = (int) Math.min(length, (long) at + size);
                try {
                  piece.read(at, into.slice(into.position() + at, end - at));
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static void readLocal(FileChannel channel, long position, ByteBuffer to)
      throws IOException {
    for (long at = position; to.hasRemaining(); ) {
      int read = channel.read(to, at);
      if (read < 0) {
        throw new EOFException("it ends at byte " + channel.size());
      }
      at += read;
    }
  }

  private static void readRemote(FileSystem fileSystem, Path file, long position, ByteBuffer to)
      throws IOException {
    byte[] step = new byte[Math.min(REMOTE_STEP_BYTES, to.remaining())];
    try (FSDataInputStream in = fileSystem.open(file)) {
      in.seek(position);
      while (to.hasRemaining()) {
        int size = Math.min(step.length, to.remaining());
        in.readFully(step, 0, size);
        to.put(step, 0, size);
      }
    }
  }
}
