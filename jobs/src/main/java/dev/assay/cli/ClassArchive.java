package dev.assay.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import javax.management.JMException;
import javax.management.ObjectName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the classes that this run has loaded to a file. Later runs map the file instead of reading
 * the classes from jars again, and so start faster (class data sharing). bin/assay names the file
 * where there is none yet.
 */
final class ClassArchive {
  private static final Logger LOG = LoggerFactory.getLogger(ClassArchive.class);
  private static final String PROPERTY = "assay.class-archive";

  private ClassArchive() {}

  /** Writes the file if bin/assay asked for it. A failure changes nothing but the speed. */
  static void write() {
    String file = System.getProperty(PROPERTY);
    if (file == null) {
      return;
    }
    try {
      // Only one run writes. If it fails the marker stays, so that no other run tries again.
      Path marker = Files.createFile(Path.of(file + ".writing"));
      Path draft = Path.of(file + ".draft");
      dump(draft);
      Files.move(draft, Path.of(file), StandardCopyOption.ATOMIC_MOVE);
      Files.delete(marker);
    } catch (IOException | JMException e) {
      LOG.debug("Cannot write {}", file, e);
    }
  }

  /** The same as {@code jcmd PID VM.cds dynamic_dump FILE}. */
  private static void dump(Path file) throws JMException {
    PrintStream out = System.out;
    System.setOut(new PrintStream(PrintStream.nullOutputStream())); // the JVM prints a message
    try {
      ManagementFactory.getPlatformMBeanServer()
          .invoke(
              new ObjectName("com.sun.management:type=DiagnosticCommand"),
              "vmCds",
              new Object[] {new String[] {"dynamic_dump", file.toString()}},
              new String[] {String[].class.getName()});
    } finally {
      System.setOut(out);
    }
  }
}
