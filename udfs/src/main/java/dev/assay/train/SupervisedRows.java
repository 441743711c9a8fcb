package dev.assay.train;

import dev.assay.item.EncodedImage;
import dev.assay.prompt.Grid;
import dev.assay.prompt.PromptEncoder;
import java.util.List;
import java.util.function.Function;

/** Plain supervised training: one row an example, the answer's tokens after the chat's prompt. */
public record SupervisedRows() implements RowMaker<SupervisedExample> {
  private static final long serialVersionUID = 1L;

  @Override
  public List<LabelledRow> rows(
      SupervisedExample example,
      PromptEncoder encoder,
      Function<EncodedImage, Grid> grids,
      long seed) {
    return List.of(
        LabelledRow.answering(
            encoder.chat(example.prompt(), grids), encoder.tokenizer().encode(example.answer())));
  }
}
