/**
 * Image files become pixels, equal to what PIL makes of them.
 *
 * <p>An image column holds paths. {@link dev.assay.image.ImageFolder} reads them, keeps them under
 * the image root and gives an {@link dev.assay.item.EncodedImage}, whose key is the hash of its
 * bytes. {@link dev.assay.image.ImageDecoder} finds the {@link dev.assay.image.ImageFormat} by the
 * first bytes and has its reader decode the file. Each format has a package of its own below this
 * one; what the readers share is in {@link dev.assay.image.pixels}. A further format is one more
 * package and one more line in {@code ImageFormat}.
 *
 * <p>A reader looks at the header first and refuses what declares too many pixels. Then it decodes,
 * turns the image upright and blends it with white. {@link dev.assay.image.pixels.BicubicResize}
 * resizes it. Another decoder's colour conversion or another resampling moves a score by more than
 * judges differ, so both are written out here and tested against PIL's pixels.
 *
 * <p>Whatever is wrong with an image is a {@link dev.assay.item.BadItemException} with a reason for
 * the quarantine table.
 */
package dev.assay.image;
