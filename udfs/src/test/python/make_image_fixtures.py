"""Image files in every way that they come, what Pillow makes of them, and files that are broken.

Writes FOLDER/*.{jpg,png,...}, FOLDER/expected/NAME.ppm.gz (Pillow's pixels: upright, alpha on
white, RGB) and FOLDER/index.json. Needs Pillow and numpy; jpegtran (libjpeg-turbo-progs) for
one file. Usage: make_image_fixtures.py [FOLDER]
"""

import gzip
import io
import json
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import numpy as np
from PIL import Image, ImageFile, ImageOps

from fixture_images import load, picture

FOLDER = Path(__file__).parent.parent / "resources/fixtures/decoding"


def transparency(width, height):
    y, x = np.mgrid[0:height, 0:width]
    return Image.fromarray(((x * 9 + y * 5) % 256).astype(np.uint8))


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(header, rows, *chunks):
    """A PNG from rows that carry their filter byte already."""
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + b"".join(chunks)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


def filtered_png(image, depth=8):
    """Every row filter in turn, in several IDAT chunks."""
    values = np.asarray(image).astype(np.int64)
    height, width, channels = values.shape
    if depth == 16:
        low = (values * 7 + 13) % 256
        raw = np.stack([values, low], -1).reshape(height, -1)
    else:
        raw = values.reshape(height, -1)
    back = channels * depth // 8
    left = np.pad(raw, ((0, 0), (back, 0)))[:, : raw.shape[1]]
    up = np.pad(raw, ((1, 0), (0, 0)))[:height]
    corner = np.pad(up, ((0, 0), (back, 0)))[:, : raw.shape[1]]
    guess = left + up - corner
    near = [abs(guess - left), abs(guess - up), abs(guess - corner)]
    paeth = np.where(
        (near[0] <= near[1]) & (near[0] <= near[2]), left, np.where(near[1] <= near[2], up, corner)
    )
    rows = b""
    for y in range(height):
        kind = y % 5
        predicted = [0, left[y], up[y], (left[y] + up[y]) // 2, paeth[y]][kind]
        rows += bytes([kind]) + ((raw[y] - predicted) % 256).astype(np.uint8).tobytes()
    packed = zlib.compress(rows)
    colour = {1: 0, 2: 4, 3: 2, 4: 6}[channels]
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    data = b"".join(chunk(b"IDAT", packed[i : i + 700]) for i in range(0, len(packed), 700))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + data + chunk(b"IEND", b"")


def interlaced_png(image):
    values = np.asarray(image)
    rows = b""
    for x, y, dx, dy in [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]:
        part = values[y::dy, x::dx]
        if part.size:
            rows += b"".join(b"\0" + row.tobytes() for row in part)
    return png(struct.pack(">IIBBBBB", image.width, image.height, 8, 2, 0, 0, 1), rows)


def saved(image, kind, **options):
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def exif(orientation):
    tags = Image.Exif()
    tags[0x0112] = orientation
    return tags


def good():
    """Name to bytes of the files that must decode."""
    image = picture(40, 37, 29)
    large = picture(41, 150, 101)
    rgba = image.copy()
    rgba.putalpha(transparency(37, 29))
    palette = image.quantize(23)
    gray = image.convert("L")
    files = {}
    for name, sampling in [("444", 0), ("422", 1), ("420", 2)]:
        files[f"jpeg-{name}.jpg"] = saved(image, "JPEG", quality=88, subsampling=sampling)
        files[f"jpeg-{name}-large.jpg"] = saved(large, "JPEG", quality=75, subsampling=sampling)
        files[f"jpeg-{name}-progressive.jpg"] = saved(
            large, "JPEG", quality=80, subsampling=sampling, progressive=True
        )
    files["jpeg-440.jpg"] = subprocess.run(
        ["jpegtran", "-transpose"], input=files["jpeg-422.jpg"], stdout=subprocess.PIPE, check=True
    ).stdout
    files["jpeg-low-quality.jpg"] = saved(large, "JPEG", quality=5)
    files["jpeg-restarts.jpg"] = saved(large, "JPEG", quality=80, restart_marker_blocks=3)
    files["jpeg-optimized.jpg"] = saved(large, "JPEG", quality=95, optimize=True)
    files["jpeg-gray.jpg"] = saved(gray, "JPEG", quality=90)
    files["jpeg-rgb.jpg"] = saved(image, "JPEG", quality=90, keep_rgb=True)
    files["jpeg-cmyk.jpg"] = saved(image.convert("CMYK"), "JPEG", quality=90)
    inks = np.stack([np.asarray(picture(seed, 37, 29).convert("L")) for seed in (50, 51, 52, 53)], -1)
    files["jpeg-cmyk-inks.jpg"] = saved(Image.fromarray(inks, "CMYK"), "JPEG", quality=95)
    files["jpeg-ycck.jpg"] = ycck(files["jpeg-cmyk-inks.jpg"])
    files["jpeg-profile.jpg"] = saved(image, "JPEG", quality=90, icc_profile=b"not a profile" * 9)
    files["jpeg-1x1.jpg"] = saved(image.resize((1, 1)), "JPEG")
    files["jpeg-3x2.jpg"] = saved(image.resize((3, 2)), "JPEG")
    files["jpeg-trailing.jpg"] = files["jpeg-420.jpg"] + b"more bytes, as phones put behind a photo"
    for turn in range(1, 9):
        files[f"exif-{turn}.jpg"] = saved(image, "JPEG", quality=90, exif=exif(turn))
    files["exif-6.png"] = saved(image, "PNG", exif=exif(6))
    files["exif-8.webp"] = saved(image, "WEBP", lossless=True, exif=exif(8))
    files["exif-senseless.jpg"] = saved(image, "JPEG", quality=90, exif=exif(77))

    files["png-rgb.png"] = saved(image, "PNG")
    files["png-filters.png"] = filtered_png(image)
    files["png-filters-alpha.png"] = filtered_png(rgba)
    files["png-filters-gray.png"] = filtered_png(Image.fromarray(np.asarray(gray)[..., None].repeat(2, -1), "LA"))
    files["png-16-rgb.png"] = filtered_png(image, 16)
    files["png-16-alpha.png"] = filtered_png(rgba, 16)
    files["png-interlaced.png"] = interlaced_png(image)
    files["png-interlaced-3x2.png"] = interlaced_png(image.resize((3, 2)))
    files["png-gray.png"] = saved(gray, "PNG")
    files["png-gray-alpha.png"] = saved(Image.merge("LA", (gray, transparency(37, 29))), "PNG")
    files["png-1bit.png"] = saved(image.convert("1"), "PNG")
    for bits in (2, 4):
        levels = np.asarray(gray) >> (8 - bits)
        files[f"png-gray-{bits}bit.png"] = packed_png(levels, bits, 0)
    for bits, colours in [(1, 2), (2, 4), (4, 16), (8, 200)]:
        files[f"png-palette-{bits}bit.png"] = saved(image.quantize(colours), "PNG", bits=bits)
    files["png-palette-alpha.png"] = saved(palette, "PNG", transparency=bytes(range(0, 230, 10)))
    files["png-palette-index.png"] = saved(palette, "PNG", transparency=5)
    files["png-gray-transparent.png"] = saved(gray, "PNG", transparency=int(np.asarray(gray)[9, 9]))
    files["png-rgb-transparent.png"] = saved(image, "PNG", transparency=image.getpixel((20, 20)))
    files["png-gamma.png"] = png(
        struct.pack(">IIBBBBB", 37, 29, 8, 2, 0, 0, 0),
        b"".join(b"\0" + row.tobytes() for row in np.asarray(image)),
        chunk(b"gAMA", struct.pack(">I", 220000)),
    )
    files["png-no-end.png"] = files["png-rgb.png"][:-12]
    files["png-1x1.png"] = saved(image.resize((1, 1)), "PNG")

    files["gif.gif"] = saved(palette, "GIF")
    files["gif-interlaced.gif"] = saved(palette, "GIF", interlace=1)
    files["gif-transparent.gif"] = saved(palette, "GIF", transparency=3)
    files["gif-animated.gif"] = saved(
        palette, "GIF", save_all=True, append_images=[palette.rotate(180), palette.rotate(90)]
    )
    files["gif-gray.gif"] = saved(gray, "GIF")
    files["gif-256.gif"] = saved(large.quantize(256), "GIF")
    files["gif-2.gif"] = saved(large.convert("1"), "GIF")
    files["gif-offset.gif"] = gif_in_larger_canvas(files["gif.gif"], 50, 41, 6, 4)
    files["gif-offset-transparent.gif"] = gif_in_larger_canvas(files["gif-transparent.gif"], 50, 41, 6, 4)

    files["gif-local.gif"] = local_palette(files["gif-transparent.gif"])
    files["bmp-24.bmp"] = saved(image, "BMP")
    files["bmp-8.bmp"] = saved(palette, "BMP")
    files["bmp-gray.bmp"] = saved(gray, "BMP")
    files["bmp-1.bmp"] = saved(image.convert("1"), "BMP")
    files["bmp-32.bmp"] = saved(rgba, "BMP")
    files["bmp-top-down.bmp"] = top_down(files["bmp-24.bmp"], image)

    for quality in (10, 60, 95):
        files[f"webp-lossy-{quality}.webp"] = saved(large, "WEBP", quality=quality)
    files["webp-lossy-odd.webp"] = saved(image, "WEBP", quality=80)
    files["webp-lossy-alpha.webp"] = saved(rgba, "WEBP", quality=80)
    files["webp-lossless.webp"] = saved(large, "WEBP", lossless=True)
    files["webp-lossless-alpha.webp"] = saved(rgba, "WEBP", lossless=True)
    files["webp-lossless-palette.webp"] = saved(image.quantize(9).convert("RGB"), "WEBP", lossless=True)
    files["webp-profile.webp"] = saved(image, "WEBP", quality=80, icc_profile=b"not a profile" * 9)
    files["webp-lossy-even.webp"] = saved(image.resize((36, 28)), "WEBP", quality=80)
    files["webp-lossy-animated.webp"] = saved(
        large, "WEBP", save_all=True, append_images=[large.rotate(180)], quality=70
    )
    files["webp-1x1.webp"] = saved(image.resize((1, 1)), "WEBP", quality=80)
    files["webp-animated.webp"] = saved(
        image, "WEBP", save_all=True, append_images=[image.rotate(180)], lossless=True
    )
    tiffs(files, image, large, rgba, palette)
    return files


def tiffs(files, image, large, rgba, palette):
    gray = image.convert("L")
    files["tiff-rgb.tif"] = saved(image, "TIFF")
    for name, kind in [("lzw", "tiff_lzw"), ("deflate", "tiff_adobe_deflate"), ("packbits", "packbits"), ("jpeg", "jpeg")]:
        files[f"tiff-{name}.tif"] = saved(large, "TIFF", compression=kind)
    files["tiff-predictor.tif"] = saved(large, "TIFF", compression="tiff_lzw", tiffinfo={317: 2})
    files["tiff-group4.tif"] = saved(large.convert("1"), "TIFF", compression="group4")
    files["tiff-group4-white-is-zero.tif"] = saved(
        large.convert("1"), "TIFF", compression="group4", tiffinfo={262: 0}
    )
    files["tiff-1bit.tif"] = saved(image.convert("1"), "TIFF")
    files["tiff-gray.tif"] = saved(gray, "TIFF")
    files["tiff-white-is-zero.tif"] = saved(gray, "TIFF", tiffinfo={262: 0})
    for name, photometric in (("white", 0), ("black", 1)):
        tags = {262: [photometric], 277: [1]}
        bits = np.packbits(np.asarray(gray) > 110, axis=1).tobytes()
        files[f"tiff-{name}-is-zero-1bit.tif"] = tiff("<", image.size, [bits], {258: [1], **tags})
        levels = np.pad(np.asarray(gray) >> 4, ((0, 0), (0, 1)))
        nibbles = (levels[:, ::2] << 4 | levels[:, 1::2]).tobytes()
        files[f"tiff-{name}-is-zero-4bit.tif"] = tiff(">", image.size, [nibbles], {258: [4], **tags})
    files["tiff-palette.tif"] = saved(palette, "TIFF")
    files["tiff-alpha.tif"] = saved(rgba, "TIFF")
    files["tiff-gray-alpha.tif"] = saved(Image.merge("LA", (gray, transparency(37, 29))), "TIFF")
    files["tiff-cmyk.tif"] = saved(image.convert("CMYK"), "TIFF")
    files["tiff-pages.tif"] = saved(image, "TIFF", save_all=True, append_images=[large, image.rotate(180)])
    files["tiff-exif-6.tif"] = saved(image, "TIFF", tiffinfo={274: 6})
    files["tiff-1x1.tif"] = saved(image.resize((1, 1)), "TIFF")
    values = np.asarray(image)
    files["tiff-big-endian.tif"] = tiff(">", image.size, [values.tobytes()], {258: [8, 8, 8], 262: [2], 277: [3]})
    wide = (values.astype(">u2") * 256 + 77).tobytes()
    files["tiff-16-rgb.tif"] = tiff(">", image.size, [wide], {258: [16, 16, 16], 262: [2], 277: [3]})
    padded = np.pad(values, ((0, 3), (0, 11), (0, 0)))
    tiles = [padded[y : y + 16, x : x + 16].tobytes() for y in (0, 16) for x in (0, 16, 32)]
    files["tiff-tiles.tif"] = tiff(
        "<", image.size, tiles, {258: [8, 8, 8], 262: [2], 277: [3], 322: [16], 323: [16]}
    )
    planes = [values[:, :, channel].tobytes() for channel in range(3)]
    files["tiff-planes.tif"] = tiff("<", image.size, planes, {258: [8, 8, 8], 262: [2], 277: [3], 284: [2]})
    colours = np.asarray(rgba).astype(int)
    colours[:, :, :3] = colours[:, :, :3] * colours[:, :, 3:] // 255
    files["tiff-associated-alpha.tif"] = tiff(
        "<", image.size, [colours.astype(np.uint8).tobytes()], {258: [8] * 4, 262: [2], 277: [4], 338: [1]}
    )


def tiff(order, size, pieces, tags):
    """An uncompressed TIFF with one strip a piece, or one tile a piece where tags say so."""
    at, offsets, data = 8, [], b""
    for piece in pieces:
        offsets.append(at + len(data))
        data += piece
    places = (324, 325) if 322 in tags else (273, 279)
    entries = {256: [size[0]], 257: [size[1]], 259: [1], **tags}
    if 322 not in tags:
        entries[278] = [size[1]]
    entries |= {places[0]: offsets, places[1]: [len(piece) for piece in pieces]}
    data += b"\0" * (len(data) % 2)
    directory, more = struct.pack(order + "H", len(entries)), b""
    end = at + len(data) + 2 + 12 * len(entries) + 4
    for tag, values in sorted(entries.items()):
        long = tag in places
        packed = struct.pack(f"{order}{len(values)}{'I' if long else 'H'}", *values)
        if len(packed) > 4:
            place = struct.pack(order + "I", end + len(more))
            more += packed + b"\0" * (len(packed) % 2)
        else:
            place = packed.ljust(4, b"\0")
        directory += struct.pack(order + "HHI", tag, 4 if long else 3, len(values)) + place
    start = {"<": b"II*\0", ">": b"MM\0*"}[order] + struct.pack(order + "I", at + len(data))
    return start + data + directory + b"\0" * 4 + more


def packed_png(levels, bits, colour):
    height, width = levels.shape
    rows = b""
    for row in levels:
        text = "".join(format(int(v), f"0{bits}b") for v in row)
        text += "0" * (-len(text) % 8)
        rows += b"\0" + bytes(int(text[i : i + 8], 2) for i in range(0, len(text), 8))
    return png(struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, 0), rows)


def ycck(cmyk):
    """The same file with an Adobe segment that says YCCK."""
    at = cmyk.index(b"Adobe")
    return cmyk[: at + 11] + b"\x02" + cmyk[at + 12 :]


def gif_in_larger_canvas(gif, width, height, left, top):
    """Moves the first frame into a canvas that it does not fill."""
    at = 13 + 3 * (2 << (gif[10] & 7))
    while gif[at] == 0x21:
        at += 2
        while gif[at]:
            at += gif[at] + 1
        at += 1
    frame = bytearray(gif)
    frame[6:10] = struct.pack("<HH", width, height)
    frame[at + 1 : at + 5] = struct.pack("<HH", left, top)
    return bytes(frame)


def local_palette(gif):
    """Moves the colours from the file to the frame."""
    size = 3 * (2 << (gif[10] & 7))
    at = 13 + size
    while gif[at] == 0x21:
        at += 2
        while gif[at]:
            at += gif[at] + 1
        at += 1
    head = bytearray(gif[:13])
    flags, head[10] = head[10], head[10] & 0x70
    frame = bytearray(gif[at : at + 10])
    frame[9] |= 0x80 | (flags & 7)
    return bytes(head) + gif[13 + size : at] + bytes(frame) + gif[13 : 13 + size] + gif[at + 10 :]


def top_down(bmp, image):
    pixels = np.asarray(image)[:, :, ::-1]
    pad = b"\0" * (-3 * image.width % 4)
    header = bytearray(bmp[:54])
    header[22:26] = struct.pack("<i", -image.height)
    return bytes(header) + b"".join(row.tobytes() + pad for row in pixels)


def bad(files):
    """Name to (reason, bytes) of the files that must be refused."""
    broken = {}
    for name in [
        "jpeg-420-large.jpg", "jpeg-420-progressive.jpg", "png-rgb.png", "png-interlaced.png",
        "gif.gif", "bmp-24.bmp", "webp-lossy-60.webp", "webp-lossless.webp", "tiff-rgb.tif", "tiff-lzw.tif",
        "tiff-tiles.tif",
    ]:
        stem, dot, kind = name.partition(".")
        whole = files[name]
        for percent in (30, 60, 95):
            cut = whole[: len(whole) * percent // 100]
            broken[f"{stem}-cut-{percent}.{kind}"] = ("truncated_image", cut)
    whole = files["jpeg-420-large.jpg"]
    broken["jpeg-no-end.jpg"] = ("truncated_image", whole[:-2])
    broken["jpeg-zeros.jpg"] = ("truncated_image", whole[: len(whole) // 2].ljust(len(whole), b"\0"))
    broken["jpeg-header-only.jpg"] = ("truncated_image", whole[:200])
    broken["png-header-only.png"] = ("truncated_image", files["png-rgb.png"][:33])
    broken["png-zeros.png"] = (
        "truncated_image",
        files["png-rgb.png"][:900].ljust(len(files["png-rgb.png"]), b"\0"),
    )
    broken["empty.png"] = ("unreadable_image", b"")
    broken["text.jpg"] = ("unreadable_image", b"This is a text, whatever its name says.\n" * 5)
    broken["page.png"] = ("unreadable_image", b"<!DOCTYPE html><html><body>404</body></html>")
    broken["svg.png"] = ("unreadable_image", b'<svg xmlns="http://www.w3.org/2000/svg"/>')
    size = struct.pack(">IIBBBBB", 20000, 20000, 8, 2, 0, 0, 0)
    broken["bomb.png"] = ("oversized_image", png(size, b"\0" * 100))
    frame = whole.index(b"\xff\xc0")
    broken["bomb.jpg"] = (
        "oversized_image",
        whole[: frame + 5] + struct.pack(">HH", 20000, 20000) + whole[frame + 9 :],
    )
    broken["bomb.gif"] = (
        "oversized_image",
        files["gif.gif"][:6] + struct.pack("<HH", 20000, 20000) + files["gif.gif"][10:],
    )
    broken["bomb.bmp"] = (
        "oversized_image",
        files["bmp-24.bmp"][:18] + struct.pack("<ii", 20000, 20000) + files["bmp-24.bmp"][26:],
    )
    pixel = np.zeros((1, 3), np.uint8).tobytes()
    broken["bomb.tif"] = (
        "oversized_image",
        tiff("<", (20000, 20000), [pixel], {258: [8, 8, 8], 262: [2], 277: [3]}),
    )
    broken["tiff-float.tif"] = ("unreadable_image", saved(Image.new("F", (3, 2)), "TIFF"))
    lossy = files["webp-lossy-60.webp"]
    at = lossy.index(b"\x9d\x01\x2a") + 3
    broken["bomb.webp"] = (
        "oversized_image",
        lossy[:at] + struct.pack("<HH", 16383, 16383) + lossy[at + 4 :],
    )
    broken["png-no-size.png"] = (
        "unreadable_image",
        png(struct.pack(">IIBBBBB", 0, 5, 8, 2, 0, 0, 0), b""),
    )
    return broken


def resizes():
    """File, and the sizes it is resized to: up, down, both, one axis only, odd, extreme."""
    return {
        "png-rgb.png": [[37, 29], [74, 58], [19, 15], [112, 28], [28, 112], [37, 56], [56, 29], [1, 1], [101, 7]],
        "jpeg-444-large.jpg": [[140, 112], [28, 28], [336, 252], [149, 100], [151, 102]],
        "png-1x1.png": [[28, 28]],
        "jpeg-3x2.jpg": [[56, 56], [2, 1]],
    }


def ppm(image):
    plain = b"P6 %d %d 255\n" % image.size + image.tobytes()
    return gzip.compress(plain, mtime=0)


def main():
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    (folder / "expected").mkdir(parents=True, exist_ok=True)
    index = {"good": [], "bad": [], "resized": []}
    files = good()
    for name, data in files.items():
        (folder / name).write_bytes(data)
        (folder / "expected" / f"{name}.ppm.gz").write_bytes(ppm(load(folder / name)))
        index["good"].append(name)
    for name, (reason, data) in bad(files).items():
        (folder / name).write_bytes(data)
        index["bad"].append({"file": name, "reason": reason})
        try:
            Image.MAX_IMAGE_PIXELS = 10**8
            ImageFile.LOAD_TRUNCATED_IMAGES = False
            load(folder / name)
            print(f"Pillow takes {name}")
        except Exception:
            pass
    for name, sizes in resizes().items():
        for width, height in sizes:
            expected = f"expected/{name}-{width}x{height}.ppm.gz"
            resized = load(folder / name).resize((width, height), Image.BICUBIC)
            (folder / expected).write_bytes(ppm(resized))
            index["resized"].append({"file": name, "expected": expected})
    (folder / "index.json").write_text(json.dumps(index, indent=1) + "\n")


if __name__ == "__main__":
    main()
