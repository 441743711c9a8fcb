package dev.assay.image;

import dev.assay.image.bmp.BmpReader;
import dev.assay.image.gif.GifReader;
import dev.assay.image.jpeg.JpegReader;
import dev.assay.image.pixels.PixelLimit;
import dev.assay.image.pixels.RgbImage;
import dev.assay.image.png.PngReader;
import dev.assay.image.tiff.TiffReader;
import dev.assay.image.webp.WebpReader;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The file formats that can be read, each known by the bytes that its files begin with. */
enum ImageFormat {
  JPEG("jpg", JpegReader::read, "\u00ff\u00d8\u00ff"),
  PNG("png", PngReader::read, "\u0089PNG\r\n\u001a\n"),
  GIF("gif", GifReader::read, "GIF8"),
  WEBP("webp", WebpReader::read, "RIFF????WEBP"),
  BMP("bmp", BmpReader::read, "BM"),
  TIFF_LITTLE_ENDIAN("tif", TiffReader::read, "II*\0"),
  TIFF_BIG_ENDIAN("tif", TiffReader::read, "MM\0*");

  /** Reads the pixels of a file in one format. */
  interface Reader {
    RgbImage read(byte[] file, PixelLimit limit);
  }

  private final String extension;
  private final Reader reader;
  private final byte[] signature;

  /**
   * @param extension of such files' names
   * @param signature the first bytes as Latin-1 characters, {@code ?} for any byte
   */
  ImageFormat(String extension, Reader reader, String signature) {
    this.extension = extension;
    this.reader = reader;
    this.signature = signature.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** The format of a file; empty if no format begins like it. */
  static Optional<ImageFormat> of(byte[] file) {
    for (ImageFormat format : values()) {
      if (format.begins(file)) {
        return Optional.of(format);
      }
    }
    return Optional.empty();
  }

  private boolean begins(byte[] file) {
    if (file.length < signature.length) {
      return false;
    }
    for (int i = 0; i < signature.length; i++) {
      if (signature[i] != '?' && signature[i] != file[i]) {
        return false;
      }
    }
    return true;
  }

  String extension() {
    return extension;
  }

  RgbImage read(byte[] file, PixelLimit limit) {
    return reader.read(file, limit);
  }
}
