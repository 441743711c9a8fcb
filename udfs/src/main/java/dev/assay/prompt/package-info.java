/**
 * An item becomes what the model reads: tokens and patches, equal to what transformers makes of it.
 *
 * <p><b>From an image to patches.</b> {@link dev.assay.prompt.ImageProcessor} rounds a decoded
 * image's size to whole merge blocks, has it resized, normalises it and cuts it into {@link
 * dev.assay.prompt.Patches}; files become pixels in {@link dev.assay.image}. {@link
 * dev.assay.item.ContentHash} tells two rows of the same content.
 *
 * <p><b>From parts to tokens.</b> A prompt is a list of {@link dev.assay.prompt.Part}s. {@link
 * dev.assay.prompt.PromptEncoder} puts them through the checkpoint's {@link
 * dev.assay.prompt.ChatTemplate} (or just one after the other), tokenises them with its {@link
 * dev.assay.prompt.tokenizer.Tokenizer}, repeats each image token once a merge block of its {@link
 * dev.assay.prompt.Grid}, and adds M-RoPE positions: a {@link dev.assay.prompt.TokenSequence}.
 * Prompts need grids only, so an image is decoded once, elsewhere, however many prompts it is in.
 *
 * <p><b>What users write stays text.</b> {@link dev.assay.item.ItemText} removes tokens that would
 * pose as an image, template syntax means nothing, and whatever is wrong with an item is a {@link
 * dev.assay.item.BadItemException} with a reason for the quarantine table. Other special tokens
 * written in a text are recognised, as transformers recognises them.
 *
 * <p>Nothing here knows the model, Spark or a device. Everything but the readers of one file may be
 * used by many threads.
 */
package dev.assay.prompt;
