package dev.assay.judge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.assay.Fixtures;
import dev.assay.item.Item;
import dev.assay.prompt.PromptEncoder;
import dev.assay.prompt.TokenSequence;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OpeningTest {
  private static final String CHECKPOINT = "qwen2-vl";

  @Test
  void everyPromptBeginsWithTemplateAndInstructionWhateverThePair() {
    try (PromptEncoder encoder = PromptEncoder.of(Fixtures.checkpoint(CHECKPOINT))) {
      Opening opening = Opening.of(encoder, JudgePrompt.INSTRUCTION);
      List<TokenSequence> prompts = new ArrayList<>();
      for (JsonNode pair : Fixtures.reference(CHECKPOINT).get("cases")) {
        for (Order order : Order.values()) {
          prompts.add(
              prompt(
                  encoder,
                  order,
                  JudgePrompt.INSTRUCTION,
                  Fixtures.item(pair.get("query")),
                  Fixtures.item(pair.get("candidate"))));
        }
      }

      assertEquals(opening.length(), opening.in(prompts));
      int instruction = encoder.tokenizer().encode(JudgePrompt.INSTRUCTION).length;
      assertTrue(opening.length() >= instruction - 1, opening.length() + " of " + instruction);
    }
  }

  @Test
  void aPromptThatBeginsOtherwiseRunsWhole() {
    try (PromptEncoder encoder = PromptEncoder.of(Fixtures.checkpoint(CHECKPOINT))) {
      Item item = new Item("a", null);
      TokenSequence other = prompt(encoder, Order.QUERY_FIRST, "Is it met?", item, item);

      assertEquals(0, Opening.of(encoder, JudgePrompt.INSTRUCTION).in(List.of(other)));
    }
  }

  private static TokenSequence prompt(
      PromptEncoder encoder, Order order, String instruction, Item shared, Item other) {
    return encoder.chat(
        new JudgePrompt(order, instruction).of(shared, other),
        image -> encoder.patches(image).grid());
  }
}
