package dev.assay.prompt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.hubspot.jinjava.Jinjava;
import dev.assay.checkpoint.CheckpointException;
import dev.assay.checkpoint.CheckpointFolder;
import dev.assay.item.EncodedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The expected outputs are Jinja 3.1's, set up as transformers sets it up. */
class ChatTemplateTest {
  private static final String TURN =
      "{% for message in messages %}[{{ message['role'] }}]{% for part in message['content'] %}"
          + "{% if 'text' in part %}{{ part['text'] }}{% else %}<i>{% endif %}{% endfor %}"
          + "{% endfor %}{% if add_generation_prompt %}[go]{% endif %}";

  @TempDir Path temp;

  @Test
  void aTextIsNeverTakenForATemplate() throws IOException {
    String text =
        "{{ x }} {% if %} {# c #} {{ '{{' }} }} %} <b> & \" ' \\n \\ é 猫 🙂 \n {%- raw %} ";
    assertEquals("[user]" + text + "<i>[go]", turn(TURN, new Part.Text(text), image()));
  }

  @Test
  void aTextLeavesNothingBehindForTheNext() {
    TemplateRun run = new TemplateRun(new Jinjava());
    String template =
        "{{ seen is defined }} {{ greet is defined }} {{ text|upper }}"
            + "{% set seen = 1 %}{% macro greet() %}hello{% endmacro %} {{ greet() }}{{ seen }}";
    for (String text : List.of("a", "b", "{{ text }}")) {
      Map<String, Object> variables = Map.of("text", text);
      String fresh = new Jinjava().render(template, variables);
      assertEquals(Optional.of(fresh), run.render(template, variables));
    }
    assertEquals(Optional.empty(), run.render("{{ 1 / }}", Map.of()), "jinjava says what is wrong");
  }

  @Test
  void whitespaceControlIsJinjas() throws IOException {
    assertRenders(
        "l A  B  C  1  2  D",
        "l {% if true %}A {% endif %} B {% set z = 1 %} C {% for i in [1, 2] %} {{ i }} {% endfor"
            + " %} D");
    assertRenders("l\nA\nB", "l\n   {% if true %}\nA\n   {% endif %}\nB");
    assertRenders("l\nAB", "l\n   {% if true -%}\n\n A\n   {%- endif %}\nB\n");
    assertRenders("q  r\n s  ", "q {# c #} r\n {# c #} s {# d #} {{ '' }}");
    assertRenders("  q", "{% set z = 1 %}  {% set z = 1 %}q");
    assertRenders("\nq", "{% set z = 1 %}\n  {% set z = 1 %}\n\nq");
    assertRenders("1b", "{#- c -#}\n{%- set q = 1 -%}\n{{- q -}} \n b");
    assertRenders("  y   z\n w", "{%+ if true %}  y {%+ endif %}  z\r\n w\r\n");
    assertRenders(
        "Bx\n", "{%- if false -%} A {%- elif true -%}\n B \n{%- else -%} C {%- endif -%}\n\nx\n\n");
  }

  @Test
  void tagsMayHoldWhatLooksLikeTheirEnd() throws IOException {
    assertRenders("}}{% if %}-%}{#", "{{ '}}' }}{{ \"{% if %}\" }}{{ '-%}' }}{{ '{#' }}");
    assertRenders("1a'b\n", "{{ {'k': {'k': 1}}['k']['k'] }}{{ 'a\\'b' }}{{ '\\n' }}");
    assertRenders("x{{ z }}y", "x{% raw %}{{ z }}{% endraw %}y");
  }

  @Test
  void namespacesCountAcrossLoops() throws IOException {
    assertRenders(
        "2",
        "{% set ns = namespace(value=0) %}{% for i in [1, 2] %}"
            + "{% set ns.value = ns.value + 1 %}{% endfor %}{{ ns.value }}");
  }

  @Test
  void specialTokensAreKnown() throws IOException {
    write(
        "tokenizer_config.json", "{\"eos_token\": {\"content\": \"<e>\"}, \"bos_token\": \"<b>\"}");
    assertRenders("<b><e>", "{{ bos_token }}{{ eos_token }}");
  }

  @Test
  void findsTheTemplateWhereverItStands() throws IOException {
    write("chat_template.json", "{\"chat_template\": \"third\"}");
    assertEquals("third", template().render(List.of()));
    write(
        "tokenizer_config.json",
        "{\"chat_template\": [{\"name\": \"other\", \"template\": \"no\"},"
            + "{\"name\": \"default\", \"template\": \"second\"}]}");
    assertEquals("second", template().render(List.of()));
    write("chat_template.jinja", "first");
    assertEquals("first", template().render(List.of()));
  }

  @Test
  void refusesWhatItCannotRender() throws IOException {
    assertTrue(
        assertThrows(CheckpointException.class, this::template)
            .getMessage()
            .contains("no chat template"));
    for (String bad :
        List.of(
            "{{ 'a'.nosuch() }}",
            "{% if %}",
            "{{ x ",
            "{% for i in [1, 2] if i > 1 %}{{ i }}{% endfor %}",
            "{{ raise_exception('no system turn') }}")) {
      write("chat_template.jinja", bad);
      assertThrows(CheckpointException.class, () -> template().render(List.of()), bad);
    }
  }

  private void assertRenders(String expected, String template) throws IOException {
    write("chat_template.jinja", template);
    assertEquals(expected, template().render(List.of()));
  }

  private String turn(String template, Part... parts) throws IOException {
    write("chat_template.jinja", template);
    return template().render(List.of(parts));
  }

  private static Part image() {
    return new Part.Image(new EncodedImage("k", new byte[0]));
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(temp.resolve(name), text);
  }

  private ChatTemplate template() {
    return ChatTemplate.of(CheckpointFolder.open(temp.toString(), new Configuration()));
  }
}
