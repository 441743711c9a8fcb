/** How much memory a training run needs on each machine, told and checked before it begins. */
package dev.assay.job.train.memory;
