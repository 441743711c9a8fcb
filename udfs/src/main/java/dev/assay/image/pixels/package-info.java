/**
 * What the readers of all image formats share: the decoded image, the limit on its size, how a bad
 * file is reported, alpha and palettes, EXIF orientation, and PIL's bicubic resize.
 */
package dev.assay.image.pixels;
