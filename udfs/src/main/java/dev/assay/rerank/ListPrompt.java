package dev.assay.rerank;

import dev.assay.item.Item;
import dev.assay.prompt.Part;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * The prompt of the reranker: instruction, {@code Query:}, the query's image and text, {@code
 * Candidates:}, and of each candidate its number, {@code (1) }, its image and its text. There is no
 * separator, as in the authors' code.
 */
public record ListPrompt(String instruction) implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Candidates in a list, at most. */
  public static final int MAX_CANDIDATES = 1000;

  /** The paper's instruction. */
  public static final String INSTRUCTION =
      "I will provide you with a query followed by multiple candidates in the format: (1) cand1 (2)"
          + " cand2, etc. Each candidate is independent of the others. Evaluate each candidate"
          + " against the query, and respond with the number corresponding to the candidate that"
          + " best meets the requirements of the query.";

  /** The user's turn. */
  public List<Part> of(Item query, List<Item> candidates) {
    List<Part> parts = new ArrayList<>();
    parts.add(new Part.Text(instruction));
    parts.add(new Part.Text("Query:"));
    parts.addAll(Part.of(query));
    parts.add(new Part.Text("Candidates:"));
    for (int i = 0; i < candidates.size(); i++) {
      parts.add(new Part.Text("(" + (i + 1) + ") "));
      parts.addAll(Part.of(candidates.get(i)));
    }
    return parts;
  }

  /**
   * The answer that chooses a candidate.
   *
   * @param number of the candidate, from 1
   */
  public static String answer(int number) {
    return "Ans: (" + number + ")";
  }
}
