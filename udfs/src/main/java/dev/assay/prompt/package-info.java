/**
 * An item becomes what the model reads: tokens and patches, equal to what transformers makes of it.
 *
 * <p><b>From a row to bytes.</b> An {@link dev.assay.prompt.Item} is a text, an image or both. The
 * image column holds paths; {@link dev.assay.prompt.ImageFolder} reads them, keeps them under the
 * image root and gives an {@link dev.assay.prompt.EncodedImage}, whose key is the hash of its
 * bytes. {@link dev.assay.prompt.ContentHash} tells two rows of the same content.
 *
 * <p><b>From bytes to patches.</b> {@link dev.assay.prompt.ImageDecoder} looks at the header,
 * refuses what declares too many pixels, decodes, turns the image upright and lays it on white.
 * {@link dev.assay.prompt.ImageProcessor} rounds its size to whole merge blocks, has it resized by
 * {@link dev.assay.prompt.BicubicResize}, normalises it and cuts it into {@link
 * dev.assay.prompt.Patches}. The reference is PIL: a score moves by more than judges differ when
 * pixels come from another decoder's colour conversion or another resampling, so both are written
 * out here and tested against PIL's pixels, and only the entropy decoders are other people's.
 *
 * <p><b>From parts to tokens.</b> A prompt is a list of {@link dev.assay.prompt.Part}s. {@link
 * dev.assay.prompt.PromptEncoder} puts them through the checkpoint's {@link
 * dev.assay.prompt.ChatTemplate} (or just one after the other), tokenises them with its {@link
 * dev.assay.prompt.Tokenizer}, repeats each image token once a merge block of its {@link
 * dev.assay.prompt.Grid}, and adds M-RoPE positions: a {@link dev.assay.prompt.TokenSequence}.
 * Prompts need grids only, so an image is decoded once, elsewhere, however many prompts it is in.
 *
 * <p><b>What users write stays text.</b> {@link dev.assay.prompt.ItemText} removes tokens that
 * would pose as an image, template syntax means nothing, and whatever is wrong with an item is a
 * {@link dev.assay.prompt.BadItemException} with a reason for the quarantine table. Other special
 * tokens written in a text are recognised, as transformers recognises them.
 *
 * <p>Nothing here knows the model, Spark or a device. Everything but the readers of one file may be
 * used by many threads.
 */
package dev.assay.prompt;
