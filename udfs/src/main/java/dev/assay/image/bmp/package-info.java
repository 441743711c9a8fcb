/** Reads BMP files. */
package dev.assay.image.bmp;
