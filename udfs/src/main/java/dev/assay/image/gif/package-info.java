/** Reads GIF files. */
package dev.assay.image.gif;
