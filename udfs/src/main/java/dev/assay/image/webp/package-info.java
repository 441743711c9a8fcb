/** Reads WebP files. */
package dev.assay.image.webp;
