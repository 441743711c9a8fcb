/**
 * Images in packs: many image files in a few large tar files, read by position. {@link
 * dev.assay.pack.PackStream} writes one, {@link dev.assay.pack.PackedImage} says where an image
 * lies, and {@link dev.assay.pack.ImagePacks} reads it.
 */
package dev.assay.pack;
