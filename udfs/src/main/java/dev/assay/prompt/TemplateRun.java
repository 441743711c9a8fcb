package dev.assay.prompt;

import com.hubspot.jinjava.Jinjava;
import com.hubspot.jinjava.JinjavaConfig;
import com.hubspot.jinjava.interpret.Context;
import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import java.util.Map;
import java.util.Optional;

/**
 * Renders templates as {@link Jinjava#renderForResult} does, which lists all of Jinja's filters,
 * functions, tags and tests anew for each text. Here they are listed once, and what a text leaves
 * behind is kept with the text alone. May be used by many threads.
 */
final class TemplateRun {
  private final Jinjava jinja;
  private final Context library = new Library();

  TemplateRun(Jinjava jinja) {
    this.jinja = jinja;
  }

  /** The text, or empty if there is anything to say about it: then jinjava says it best itself. */
  Optional<String> render(String template, Map<String, Object> variables) {
    JinjavaConfig config = jinja.getGlobalConfig();
    Context context = new Context(library, variables, config.getDisabled());
    JinjavaInterpreter interpreter =
        config.getInterpreterFactory().newInstance(jinja, context, config);
    try (var current = JinjavaInterpreter.closeablePushCurrent(interpreter).get()) {
      String text = current.value().render(template);
      return interpreter.getErrorsCopy().isEmpty() ? Optional.of(text) : Optional.empty();
    } catch (RuntimeException e) {
      return Optional.empty();
    }
  }

  /** All that Jinja has. Contexts below it tell it what they resolved; it does not listen. */
  private static final class Library extends Context {
    @Override
    public void addResolvedValue(String value) {}

    @Override
    public void addResolvedExpression(String expression) {}

    @Override
    public void addResolvedFunction(String function) {}

    @Override
    public void addDependency(String type, String name) {}
  }
}
