/**
 * The judge: does this candidate meet this query's requirements?
 *
 * <p>An instruction-tuned vision-language model is asked for Yes or No, and the difference of the
 * two words' logits is the <em>margin</em> (its sigmoid is the paper's score, arXiv 2510.13515).
 * One shared side is judged against many others: the prompt's common beginning is run once, and the
 * others stand on it side by side, none seeing another. The result equals asking about each pair
 * alone.
 */
package dev.assay.judge;
