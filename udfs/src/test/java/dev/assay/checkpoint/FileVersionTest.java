package dev.assay.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.EtagSource;
import org.apache.hadoop.fs.FileChecksum;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.FilterFileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.MD5MD5CRC32CastagnoliFileChecksum;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a file system shows of a file's content without it being read. */
class FileVersionTest {
  private static final Clock NOW = Clock.systemUTC();
  private static final Clock LATER = Clock.offset(NOW, Duration.ofMinutes(1));

  @TempDir Path temp;
  private Path file;

  @BeforeEach
  void writeOne() throws IOException {
    file = Files.writeString(temp.resolve("file"), "content");
  }

  @Test
  void aLocalFileHasOneOnceItsTimesHaveSettled() throws IOException {
    assumeLocalDisk();
    assertEquals(Optional.empty(), local(NOW));
    assertEquals(local(LATER), local(LATER));
  }

  @Test
  void aLocalFileThatIsReplacedHasAnotherThoughSizeAndTimeAreTheSame() throws IOException {
    assumeLocalDisk();
    Optional<String> before = local(LATER);
    FileTime time = Files.getLastModifiedTime(file);

    Files.writeString(file, "CONTENT");
    Files.setLastModifiedTime(file, time);
    Optional<String> written = local(LATER);
    Path other = Files.writeString(temp.resolve("other"), "contenT");
    Files.setLastModifiedTime(other, time);
    Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);

    assertNotEquals(before, written);
    assertNotEquals(written, local(LATER));
    assertNotEquals(before, local(LATER));
  }

  @Test
  void anObjectHasItsTag() throws IOException {
    assertEquals(Optional.of("etag 7 abc"), FileVersion.of(raw(), new Tagged("abc"), NOW));
    assertEquals(Optional.empty(), FileVersion.of(raw(), new Tagged(null), NOW));
  }

  @Test
  void aFileOfAnotherFileSystemHasTheChecksumThatIsKeptOfIt() throws IOException {
    FileStatus status = raw().getFileStatus(path());
    FileSystem keeps = new Elsewhere(new MD5MD5CRC32CastagnoliFileChecksum(512, 1, null));

    assertNotEquals(Optional.empty(), FileVersion.of(keeps, status, NOW));
    assertEquals(Optional.empty(), FileVersion.of(new Elsewhere(null), status, NOW));
  }

  private void assumeLocalDisk() throws IOException {
    String type = Files.getFileStore(file).type();
    assumeTrue(local(LATER).isPresent(), "the temporary folder is on " + type + ", no local disk");
  }

  private Optional<String> local(Clock clock) throws IOException {
    return FileVersion.of(raw(), raw().getFileStatus(path()), clock);
  }

  private static FileSystem raw() throws IOException {
    return FileSystem.getLocal(new Configuration()).getRawFileSystem();
  }

  private org.apache.hadoop.fs.Path path() {
    return new org.apache.hadoop.fs.Path(file.toUri());
  }

  private static final class Tagged extends FileStatus implements EtagSource {
    private static final long serialVersionUID = 1L;
    private final String tag;

    Tagged(String tag) {
      super(7, false, 1, 1, 1, new org.apache.hadoop.fs.Path("s3a://bucket/file"));
      this.tag = tag;
    }

    @Override
    public String getEtag() {
      return tag;
    }
  }

  /** A file system that is not this machine's, and keeps this checksum of every file. */
  private static final class Elsewhere extends FilterFileSystem {
    private final FileChecksum checksum;

    Elsewhere(FileChecksum checksum) throws IOException {
      super(new LocalFileSystem());
      this.checksum = checksum;
    }

    @Override
    public java.net.URI getUri() {
      return java.net.URI.create("hdfs://somewhere");
    }

    @Override
    public FileChecksum getFileChecksum(org.apache.hadoop.fs.Path of) {
      return checksum;
    }
  }
}
