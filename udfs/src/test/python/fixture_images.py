"""Small pictures with edges, gradients and noise, so that a wrong resampling shows."""

from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw


def picture(seed, width, height):
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[0:height, 0:width]
    base = np.stack([x * 255 / width, y * 255 / height, (x + y) * 255 / (width + height)], -1)
    base = base[..., rng.permutation(3)]
    image = Image.fromarray(base.astype(np.uint8))
    draw = ImageDraw.Draw(image)
    for _ in range(5):
        left, top = int(rng.integers(0, width * 3 // 4)), int(rng.integers(0, height * 3 // 4))
        box = [left, top, left + int(rng.integers(6, max(7, width // 2))), top + int(rng.integers(6, max(7, height // 2)))]
        colour = tuple(int(c) for c in rng.integers(0, 256, 3))
        (draw.ellipse if rng.random() < 0.5 else draw.rectangle)(box, fill=colour)
    noisy = np.asarray(image).astype(np.int16)
    # Noise on part of the picture only: it is what makes a PNG large.
    noisy[: height // 4] += rng.integers(-25, 26, noisy[: height // 4].shape, dtype=np.int16)
    return Image.fromarray(noisy.clip(0, 255).astype(np.uint8))


def make(folder: Path):
    """Writes the images that models see; returns nothing, the names stand in the code."""
    folder.mkdir(parents=True, exist_ok=True)
    picture(1, 300, 60).save(folder / "wide.png")
    picture(2, 50, 200).save(folder / "tall.png")
    picture(3, 40, 30).save(folder / "small.png")  # below min_pixels
    picture(4, 320, 240).save(folder / "large.jpg", quality=90, subsampling=0)  # above max_pixels
    picture(5, 112, 112).save(folder / "exact.png")  # needs no resize
    picture(6, 84, 56).save(folder / "exact-wide.png")  # nor does this
    picture(10, 140, 196).save(folder / "exact-large.png")  # nor this; more than one 112 x 112 window
    picture(7, 126, 70).save(folder / "halves.png")  # 4.5 x 2.5 blocks of 28: halves round to even
    alpha = picture(8, 100, 80).convert("RGBA")
    y, x = np.mgrid[0:80, 0:100]
    alpha.putalpha(Image.fromarray(((x * 3 + y * 2) % 256).astype(np.uint8)))
    alpha.save(folder / "alpha.png")
    picture(9, 90, 120).convert("L").save(folder / "gray.png")


def names():
    return [
        "wide.png",
        "tall.png",
        "small.png",
        "large.jpg",
        "exact.png",
        "exact-wide.png",
        "exact-large.png",
        "halves.png",
        "alpha.png",
        "gray.png",
    ]


def load(path: Path):
    """As Assay decodes: orientation applied, alpha on white, RGB."""
    from PIL import ImageOps

    image = ImageOps.exif_transpose(Image.open(path))
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        image = image.convert("RGBA")
        white = Image.new("RGBA", image.size, (255, 255, 255, 255))
        image = Image.alpha_composite(white, image)
    return image.convert("RGB")
