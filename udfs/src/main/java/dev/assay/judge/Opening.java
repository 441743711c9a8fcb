package dev.assay.judge;

import dev.assay.model.tokens.Segment;
import dev.assay.prompt.Part;
import dev.assay.prompt.PromptEncoder;
import dev.assay.prompt.TokenSequence;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * What every prompt of a judge begins with, whatever the pair: the chat template's beginning and
 * the instruction.
 *
 * @param prompt one that begins so
 * @param length tokens of it that all prompts have
 */
record Opening(TokenSequence prompt, int length) {
  static Opening of(PromptEncoder encoder, String instruction) {
    // What follows the instruction: nothing, or the name of one of the sides.
    List<TokenSequence> prompts =
        Stream.of("", "Query:", "Candidate:")
            .map(next -> List.<Part>of(new Part.Text(instruction), new Part.Text(next)))
            .map(parts -> encoder.chat(parts, image -> null))
            .toList();
    return new Opening(prompts.get(0), CommonBeginning.of(prompts));
  }

  /** The number of tokens that stand in the prompt of each pair and need not run again. */
  int in(List<TokenSequence> prompts) {
    return prompts.stream().allMatch(this::begins) ? length : 0;
  }

  private boolean begins(TokenSequence other) {
    return other.length() > length
        && Arrays.equals(prompt.ids(), 0, length, other.ids(), 0, length);
  }

  Segment segment() {
    return new Segment(prompt, 0, length);
  }
}
