/** Reads PNG files. */
package dev.assay.image.png;
