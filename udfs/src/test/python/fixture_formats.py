"""Files in the many ways that an image can be stored, and what Pillow decodes them to."""

from pathlib import Path

import numpy as np
from PIL import Image

import fixture_images


def _transparency(picture):
    y, x = np.mgrid[0 : picture.height, 0 : picture.width]
    return Image.fromarray(((x * 7 + y * 5) % 256).astype(np.uint8))


def _gray16(picture):
    y, x = np.mgrid[0 : picture.height, 0 : picture.width]
    return (np.asarray(picture.convert("L")).astype(np.uint16) << 8) | ((x * 31 + y * 17) % 256).astype(np.uint16)


def _write(folder: Path):
    picture = fixture_images.picture(40, 40, 24)
    for orientation in (3, 5, 6, 8):
        exif = Image.Exif()
        exif[0x0112] = orientation
        picture.save(folder / f"orientation-{orientation}.jpg", exif=exif, quality=92, subsampling=0)
    picture.save(folder / "subsampled.jpg", quality=85, subsampling=2)
    picture.save(folder / "progressive.jpg", quality=85, subsampling=2, progressive=True)
    picture.convert("L").save(folder / "gray.jpg", quality=90)
    picture.convert("CMYK").save(folder / "cmyk.jpg", quality=92)
    rgba = picture.copy()
    rgba.putalpha(_transparency(picture))
    rgba.save(folder / "rgba.webp", lossless=True)
    picture.save(folder / "lossy.webp", quality=80)
    gray_alpha = picture.convert("L")
    gray_alpha.putalpha(_transparency(picture))
    gray_alpha.save(folder / "gray-alpha.png")
    palette = picture.quantize(16)
    palette.save(folder / "palette.png")
    palette.save(folder / "palette-transparent.png", transparency=3)
    palette.save(folder / "palette.gif")
    palette.save(folder / "transparent.gif", transparency=3)
    palette.save(folder / "animated.gif", save_all=True, append_images=[palette.rotate(180)])
    picture.save(folder / "rgb.bmp")
    picture.convert("1").save(folder / "one-bit.png")
    Image.fromarray(_gray16(picture)).save(folder / "gray16.png")


def _decode(path: Path):
    if path.name == "gray16.png":
        # Pillow would clip at 255; what everyone means is the high byte, as it does for 48-bit colour.
        high = (np.asarray(Image.open(path)).astype(np.uint16) >> 8).astype(np.uint8)
        return Image.fromarray(high).convert("RGB")
    return fixture_images.load(path)


def make(folder: Path):
    """FOLDER/NAME.EXT and FOLDER/decoded/NAME.EXT.png, 8-bit RGB."""
    (folder / "decoded").mkdir(parents=True)
    _write(folder)
    for path in sorted(folder.iterdir()):
        if path.is_file():
            _decode(path).save(folder / "decoded" / (path.name + ".png"), optimize=True)
