/**
 * How the two checkpoints of the demo are made from random weights, by Assay's own trainer:
 * examples drawn on the way, what is learned at which token, and the stages in their order.
 *
 * <p>Asked for an answer alone such a small model learns nothing for thousands of steps. Beside the
 * answer it therefore learns what stands where in the image, at each word whether a caption can
 * still be true, the words of true captions, and to describe a scene.
 */
package dev.assay.scenes.recipe;
