package dev.assay.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where the stack trace of a failure goes that Assay does not know: a file in the tmp folder that
 * only its owner can read. It holds no settings, and secrets in messages are hidden.
 */
final class StackTraceFile {
  private StackTraceFile() {}

  /**
   * Prints a failure in one line that names the file of its stack trace. Where no file can be
   * written, or where nobody could read it afterwards, the stack trace follows the line.
   *
   * @param readable whether files of this machine outlive the run
   */
  static void report(Throwable thrown, String line, boolean readable, PrintStream err) {
    StringWriter text = new StringWriter();
    thrown.printStackTrace(new PrintWriter(text));
    String trace = Secrets.hidden(text.toString());
    if (readable) {
      try {
        Path file = Files.createTempFile("assay-failure-", ".txt");
        Files.writeString(file, "assay: " + line + "\n\n" + trace);
        err.println("assay: " + line + " (stack trace: " + file + ")");
        return;
      } catch (IOException e) {
        line +=
            " (the stack trace follows: it cannot be written to a file: " + e.getMessage() + ")";
      }
    }
    err.println("assay: " + line);
    err.print(trace);
  }
}
