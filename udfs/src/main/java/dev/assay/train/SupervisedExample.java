package dev.assay.train;

import dev.assay.prompt.Part;
import java.util.List;

/**
 * A prompt and what a model should answer to it.
 *
 * @param prompt the user's turn
 * @param answer not empty; special tokens written in it count as such, so that one that ends with
 *     the model's end of turn teaches it to stop there
 */
public record SupervisedExample(List<Part> prompt, String answer) {
  public SupervisedExample {
    prompt = List.copyOf(prompt);
    if (answer.isEmpty()) {
      throw new IllegalArgumentException("nothing to learn: the answer is empty");
    }
  }
}
