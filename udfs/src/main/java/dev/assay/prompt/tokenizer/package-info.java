/** A checkpoint's tokenizer: texts become token ids, the same as transformers gives. */
package dev.assay.prompt.tokenizer;
