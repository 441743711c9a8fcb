package dev.assay.job.ingest.input;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.item.BadItemException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class JsonRowTest {
  @Test
  void anIdIsAStringOrTheDigitsOfAWholeNumber() {
    assertEquals("q1", id("\"q1\""));
    assertEquals("8.0", id("\"8.0\""));
    assertEquals("8", id("8"));
    assertEquals("-3", id("-3"));
    assertEquals("9007199254740993", id("9007199254740993"));
    assertEquals("123456789012345678901234567890", id("123456789012345678901234567890"));
  }

  @Test
  void anIdThatPandasTurnedIntoAFloatIsTheInteger() {
    assertEquals("8", id("8.0"));
    assertEquals("0", id("0.0"));
    assertEquals("0", id("-0.0"));
    assertEquals("-3", id("-3.000"));
    assertEquals("1000", id("1e3"));
    assertEquals("9007199254740992", id("9007199254740992.0"));
  }

  @Test
  void anyOtherIdIsRefusedWithWhatStandsThere() {
    assertEquals("wrong_type: query_id is 8.5" + RULE, refused("8.5"));
    assertEquals("wrong_type: query_id is 1e+30" + RULE, refused("1e30"));
    assertEquals("wrong_type: query_id is 1e+999999999" + RULE, refused("1e999999999"));
    assertEquals(
        "wrong_type: query_id is 9007199254740993.0" + RULE, refused("9007199254740993.0"));
    assertEquals("wrong_type: query_id is true" + RULE, refused("true"));
    assertEquals("wrong_type: query_id is NaN" + RULE, refused("NaN"));
    assertEquals("wrong_type: query_id is a JSON object" + RULE, refused("{\"$oid\": \"5\"}"));
    assertEquals("wrong_type: query_id is a JSON array" + RULE, refused("[8]"));
    assertEquals("missing_id: no query_id", refused("null"));
    assertEquals("missing_id: query_id is blank", refused("\" \""));
  }

  private static final String RULE = "; an id must be a string or a whole number";

  @Test
  void aMessageHasABound() {
    assertTrue(refused("8." + "1".repeat(900)).length() < 200);
  }

  @Test
  void twoEqualKeysAreBrokenJson() {
    BadItemException e =
        assertThrows(BadItemException.class, () -> row("{\"query_id\": 1, \"query_id\": 2}"));
    assertEquals("broken_json", e.reason());
    assertEquals("Duplicate field 'query_id'", e.detail());
  }

  @Test
  void whatFollowsTheObjectIsBrokenJson() {
    for (String line : new String[] {"{} {}", "{}]", "{},", "{} x"}) {
      assertEquals("broken_json", assertThrows(BadItemException.class, () -> row(line)).reason());
    }
  }

  @Test
  void skipsAByteOrderMarkAndACarriageReturn() {
    assertEquals("q1", row("\ufeff{\"query_id\": \"q1\"}\r").id("query_id"));
  }

  @Test
  void messagesDoNotDependOnTheLocale() {
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.forLanguageTag("tr"));
      BadItemException e =
          assertThrows(BadItemException.class, () -> row("{\"text\": [\"i\"]}").text("text"));
      assertEquals("text is not a string but a JSON array", e.detail());
      e = assertThrows(BadItemException.class, () -> row("{\"text\": \"\\u0\"}").text("text"));
      assertEquals("broken_json", e.reason());
      assertEquals("wrong_type: query_id is 1e+30" + RULE, refused("1E30"));
    } finally {
      Locale.setDefault(before);
    }
  }

  private static String id(String value) {
    return row("{\"query_id\": " + value + "}").id("query_id");
  }

  private static String refused(String value) {
    BadItemException e = assertThrows(BadItemException.class, () -> id(value));
    return e.reason() + ": " + e.detail();
  }

  private static JsonRow row(String line) {
    return JsonRow.parse(line.getBytes(StandardCharsets.UTF_8));
  }
}
