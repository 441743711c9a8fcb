/** Reads JPEG files. */
package dev.assay.image.jpeg;
