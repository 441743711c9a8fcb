package dev.assay.job.evaluate.figures;

import dev.assay.job.failure.SettingsException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The systems. The first that is evaluated is the one that the others are compared with. */
public enum EvaluatedSystem {
  /** The embedder of the settings, before training. */
  BASE,
  /** The embedder that was trained in the workspace. */
  TRAINED,
  /** The trained embedder (else the base), its first candidates reordered by the reranker. */
  RERANKED;

  /** The name in settings and tables. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Reads a list such as {@code base, trained}.
   *
   * @return each system once, in the order of the constants
   * @throws SettingsException if the list is empty or names no system
   */
  public static List<EvaluatedSystem> parse(String list) {
    List<String> words =
        Arrays.stream(list.split(",")).map(String::strip).filter(w -> !w.isEmpty()).toList();
    List<EvaluatedSystem> systems = new ArrayList<>();
    for (EvaluatedSystem system : values()) {
      if (words.contains(system.label())) {
        systems.add(system);
      }
    }
    if (systems.isEmpty() || systems.size() < words.size()) {
      throw new SettingsException(
          "assay.evaluate.systems is '"
              + list
              + "'; it must list some of base, trained, reranked, each once, separated by commas");
    }
    return systems;
  }
}
