package dev.assay.judge;

import dev.assay.item.Item;
import dev.assay.prompt.Part;
import java.util.ArrayList;
import java.util.List;

/**
 * The prompt of the judge: instruction, {@code Query:}, the query's image and text, {@code
 * Candidate:}, the candidate's image and text. Candidate-first swaps the two sides.
 */
public record JudgePrompt(Order order, String instruction) {
  /** The paper's instruction. */
  public static final String INSTRUCTION =
      "I will provide you with a query and a candidate. Please evaluate whether the candidate meets"
          + " the requirements of the query. If it does, respond with 'Yes'; if it doesn't, respond"
          + " with 'No'.";

  /**
   * The user's turn.
   *
   * @param shared the query if the order is query-first, else the candidate
   */
  public List<Part> of(Item shared, Item other) {
    boolean queryFirst = order == Order.QUERY_FIRST;
    List<Part> parts = new ArrayList<>();
    parts.add(new Part.Text(instruction));
    parts.add(new Part.Text(queryFirst ? "Query:" : "Candidate:"));
    parts.addAll(Part.of(shared));
    parts.add(new Part.Text(queryFirst ? "Candidate:" : "Query:"));
    parts.addAll(Part.of(other));
    return parts;
  }
}
