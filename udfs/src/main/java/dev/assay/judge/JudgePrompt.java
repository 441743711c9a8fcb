package dev.assay.judge;

import dev.assay.prompt.Item;
import dev.assay.prompt.ItemText;
import dev.assay.prompt.Part;
import java.util.ArrayList;
import java.util.List;

/**
 * What the judge is shown: instruction, {@code Query:}, the query's image and text, {@code
 * Candidate:}, the candidate's image and text. Candidate-first swaps the two sides.
 */
public record JudgePrompt(Order order, String instruction) {

  /** The parts of the prompt; {@code shared} is the side that stands first. */
  public List<Part> of(Item shared, Item other) {
    boolean queryFirst = order == Order.QUERY_FIRST;
    List<Part> parts = new ArrayList<>();
    parts.add(new Part.Text(instruction));
    add(parts, queryFirst ? "Query:" : "Candidate:", shared);
    add(parts, queryFirst ? "Candidate:" : "Query:", other);
    return parts;
  }

  private static void add(List<Part> parts, String label, Item item) {
    parts.add(new Part.Text(label));
    if (item.image() != null) {
      parts.add(new Part.Image(item.image()));
    }
    String text = ItemText.clean(item.text() == null ? "" : item.text());
    if (!text.isEmpty()) {
      parts.add(new Part.Text(text));
    }
  }
}
