package dev.assay.cli;

import java.util.regex.Pattern;

/** Keeps passwords and keys out of what is printed and written. */
final class Secrets {
  private static final Pattern USER_INFO = Pattern.compile("://([^/\\s:@]*):[^/\\s@]+@");
  private static final Pattern NAMED =
      Pattern.compile(
          "(?i)([\\w.-]*(?:secret|password|passwd|token|credential|access[._-]?key|account[._-]?key"
              + "|signature)[\\w.-]*(?:\\s*=\\s*|[\"']\\s*:\\s*))[\"']?[^\\s\"',;&]+");

  private Secrets() {}

  /** The text with the values of what looks like a secret replaced by {@code ***}. */
  static String hidden(String text) {
    String withoutUsers = USER_INFO.matcher(text).replaceAll("://$1:***@");
    return NAMED.matcher(withoutUsers).replaceAll("$1***");
  }
}
