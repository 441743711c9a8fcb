/** What turns gradients into a step: clipping, the learning rate's schedule, and AdamW. */
package dev.assay.train.optimizer;
