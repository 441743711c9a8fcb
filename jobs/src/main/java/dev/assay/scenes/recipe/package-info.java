/**
 * The training of the demo's two checkpoints from random weights, with Assay's own trainer: the
 * examples, the labels of their tokens, and the stages.
 *
 * <p>With the final answer as its only label, such a small model learns nothing for thousands of
 * steps. It therefore also learns which objects the image shows and where, at each word whether a
 * caption can still be true, the words of true captions, and to describe a scene.
 */
package dev.assay.scenes.recipe;
