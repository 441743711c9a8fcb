/** Reads TIFF files: their first image. */
package dev.assay.image.tiff;
