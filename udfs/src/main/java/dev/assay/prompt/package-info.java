/**
 * An item becomes what the model reads: tokens and patches, equal to what transformers makes of it.
 *
 * <p><b>From an image to patches.</b> {@link dev.assay.prompt.ImageProcessor} rounds a decoded
 * image's size to whole merge blocks, resizes it, normalises it and cuts it into {@link
 * dev.assay.prompt.Patches}. Files become pixels in {@link dev.assay.image}.
 *
 * <p><b>From parts to tokens.</b> A prompt is a list of {@link dev.assay.prompt.Part}s. {@link
 * dev.assay.prompt.PromptEncoder} puts them through the checkpoint's {@link
 * dev.assay.prompt.ChatTemplate} (or just one after the other), tokenises them with its {@link
 * dev.assay.prompt.tokenizer.Tokenizer}, repeats each image token once a merge block of its {@link
 * dev.assay.prompt.Grid}, and adds M-RoPE positions: a {@link dev.assay.prompt.TokenSequence}.
 * Prompts need grids only, so an image is decoded once, elsewhere, however many prompts it is in.
 *
 * <p><b>What users write stays text.</b> {@link dev.assay.item.ItemText} removes tokens that would
 * pose as an image, template syntax means nothing, and no added token of the tokenizer acts: {@code
 * <|im_end|>} in a text is read as its characters, see {@link
 * dev.assay.prompt.tokenizer.Tokenizer#plain}. Whatever is wrong with an item is a {@link
 * dev.assay.item.BadItemException} with a reason for the quarantine table.
 *
 * <p>Nothing here knows the model, Spark or a device. Everything may be used by many threads.
 */
package dev.assay.prompt;
