package dev.assay.prompt;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Applies the whitespace control of a Jinja template to its text. The result has no comments and no
 * {@code -} or {@code +} in its tags, and {@code trim_blocks} and {@code lstrip_blocks} are
 * applied.
 *
 * <p>Jinja does this in its lexer. Jinjava has the same options, but also strips blanks before a
 * tag in the middle of a line, and one blank more or less is another token for the model.
 */
final class JinjaSource {
  private final String source;
  private final StringBuilder out = new StringBuilder();
  private int at;

  private JinjaSource(String source) {
    this.source = source;
  }

  /**
   * Applies whitespace control as Jinja does in transformers, with {@code trim_blocks} and {@code
   * lstrip_blocks}.
   *
   * @throws IllegalArgumentException if a tag does not end
   */
  static String explicit(String template) {
    String lines = template.replace("\r\n", "\n").replace('\r', '\n');
    if (lines.endsWith("\n")) {
      lines = lines.substring(0, lines.length() - 1); // Jinja keeps no newline at the end
    }
    return new JinjaSource(lines).rewrite();
  }

  private String rewrite() {
    int open;
    while ((open = nextTag()) >= 0) {
      copyText(open);
      char kind = source.charAt(open + 1);
      at = open + 2;
      skipSign();
      if (kind == '#') {
        skipTo("#}");
      } else if (kind == '{') {
        out.append("{{ ").append(body("}}")).append(" }}");
      } else {
        String body = body("%}");
        if (body.equals("raw")) {
          copyRaw();
        } else {
          out.append("{% ").append(body).append(" %}");
        }
      }
      skipSpace(kind);
    }
    return out.append(source, at, source.length()).toString();
  }

  private int nextTag() {
    for (int i = at; i + 1 < source.length(); i++) {
      if (source.charAt(i) == '{' && "{%#".indexOf(source.charAt(i + 1)) >= 0) {
        return i;
      }
    }
    return -1;
  }

  /** Copies the text before a tag, without the white space that the tag strips. */
  private void copyText(int open) {
    int end = open;
    char sign = open + 2 < source.length() ? source.charAt(open + 2) : ' ';
    if (sign == '-') {
      while (end > at && Character.isWhitespace(source.charAt(end - 1))) {
        end--;
      }
    } else if (sign != '+' && source.charAt(open + 1) != '{') {
      int line = source.lastIndexOf('\n', open - 1) + 1;
      // Text after an earlier tag on the same line is not at the start of the line.
      if (line >= at && source.substring(line, open).isBlank()) {
        end = line;
      }
    }
    out.append(source, at, end);
  }

  private void skipSign() {
    if (at < source.length() && (source.charAt(at) == '-' || source.charAt(at) == '+')) {
      at++;
    }
  }

  /** Moves {@code at} behind the end of a tag, and returns the text before that end. */
  private String skipTo(String close) {
    int end = source.indexOf(close, at);
    if (end < 0) {
      throw new IllegalArgumentException("a tag without its " + close);
    }
    String skipped = source.substring(at, end);
    at = end + close.length();
    return skipped;
  }

  /**
   * The content of a tag, without signs and outer blanks. Strings and brackets may hold text that
   * looks like the tag's end.
   */
  private String body(String close) {
    StringBuilder body = new StringBuilder();
    Deque<Character> brackets = new ArrayDeque<>();
    while (at < source.length()) {
      char c = source.charAt(at);
      if (brackets.isEmpty() && source.startsWith(close, at)) {
        at += close.length();
        int last = body.length() - 1;
        if (last >= 0 && (body.charAt(last) == '-' || body.charAt(last) == '+')) {
          body.setLength(last);
        }
        return body.toString().strip();
      }
      int start = at;
      if (c == '\'' || c == '"') {
        skipString(c);
      } else if ("([{".indexOf(c) >= 0) {
        brackets.push(c);
      } else if (")]}".indexOf(c) >= 0) {
        brackets.poll();
      }
      at++;
      body.append(source, start, Math.min(at, source.length()));
      if (c == '}') {
        body.append(' '); // jinjava takes two of them for the end of the tag
      }
    }
    throw new IllegalArgumentException("a tag without its " + close);
  }

  private void skipString(char quote) {
    for (at++; at < source.length() && source.charAt(at) != quote; at++) {
      if (source.charAt(at) == '\\') {
        at++;
      }
    }
  }

  /** Copies a raw section; jinjava does not change the text between its tags. */
  private void copyRaw() {
    if (source.charAt(at - 3) == '-') {
      skipSpace('{');
    }
    int end = source.indexOf("endraw", at);
    int open = end < 0 ? -1 : source.lastIndexOf("{%", end);
    if (open < at) {
      throw new IllegalArgumentException("a raw section without its end");
    }
    out.append("{% raw %}");
    copyText(open);
    out.append("{% endraw %}");
    at = end;
    skipTo("%}");
  }

  /** Skips the white space after a tag that the tag strips. */
  private void skipSpace(char kind) {
    char sign = source.charAt(at - 3);
    if (sign == '-') {
      while (at < source.length() && Character.isWhitespace(source.charAt(at))) {
        at++;
      }
    } else if (sign != '+' && kind != '{' && at < source.length() && source.charAt(at) == '\n') {
      at++;
    }
  }
}
