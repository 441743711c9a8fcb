/**
 * The judge: does this candidate meet this query's requirements?
 *
 * <p>An instruction-tuned vision-language model answers Yes or No. The difference of the two words'
 * logits is the <em>margin</em>; its sigmoid is the paper's score (arXiv 2510.13515). {@link
 * dev.assay.judge.PairJudge} scores one shared side with many others: the common beginning of the
 * prompts is run once, and the others follow it side by side, none seeing another. The result is
 * the same as for each pair alone.
 */
package dev.assay.judge;
