/** Datasets of the Scenes world, and their files. */
package dev.assay.scenes.dataset;
