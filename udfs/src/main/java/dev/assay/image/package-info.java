/**
 * Image files become pixels, equal to what PIL makes of them.
 *
 * <p>An image column holds paths; {@link dev.assay.image.ImageFolder} reads them, keeps them under
 * the image root and gives an {@link dev.assay.item.EncodedImage}, whose key is the hash of its
 * bytes. {@link dev.assay.image.ImageDecoder} looks at the header, refuses what declares too many
 * pixels, decodes, turns the image upright and lays it on white. {@link
 * dev.assay.image.BicubicResize} resizes it. A score moves by more than judges differ when pixels
 * come from another decoder's colour conversion or another resampling, so both are written out here
 * and tested against PIL's pixels.
 *
 * <p>Whatever is wrong with an image is a {@link dev.assay.item.BadItemException} with a reason for
 * the quarantine table.
 */
package dev.assay.image;
