/** What a task keeps of images between calls, within a bound on its memory. */
package dev.assay.model.features;
