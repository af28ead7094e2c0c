"""An image file -> ink: what was written, whatever the paper, the light and the colour of the pen."""

from __future__ import annotations

import io
import warnings
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError
from scipy import ndimage

from core import file_kind
from core.errors import N_, Phrase, Refusal
from core.file_kind import NamedFile
from core.framing import BOX, SIDE, Ink

MOST_BYTES = 20_000_000
MOST_PIXELS = 16_000_000  # they are all unpacked: 64 MB
MOST_PIXELS_OF_A_PHOTOGRAPH = 50_000_000  # JPEG is read at a part of its size; a phone's has 12 to 50 million
OURS = frozenset({"PNG", "JPEG", "GIF", "BMP", "WebP", "TIFF"})  # as ``file_kind`` calls those that are read
FORMATS = ("PNG", "JPEG", "GIF", "BMP", "WEBP", "TIFF", "PPM")
WORKING = 400  # pixels of the longer side that the ink is looked for in
FAINTEST = 0.12  # contrast between ink and paper, of 1, below which the paper counts as blank
FINEST = 1.7  # pixels in the 20x20 box: a finer pen is made this bold, as strokes are


def ink_of_file(source: bytes | Path) -> Ink:
    """Return the ink of an image file as float32 (height, width), 0 paper, 1 ink, at most 400 pixels a side.

    Raises ``Refusal`` when the file cannot be read, is no image, or is too large to be safe to open.
    """
    return ink_of_grey(load_grey(source))


def load_grey(source: bytes | Path) -> Ink:
    """Read an image file as grey in [0, 1], upright, transparent parts as paper, at most 400 pixels a side."""
    content = _bytes(source)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
                _refuse_too_large(picture)
                picture.draft("L", (WORKING, WORKING))  # lets JPEG decode small
                upright = ImageOps.exif_transpose(picture)
                return _grey(upright)
    except Refusal:
        raise
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise _too_large() from error
    except UnidentifiedImageError as error:
        name = source.name if isinstance(source, Path) else Phrase(N_("this file"))
        told = file_kind.refusal(NamedFile(name, content), N_("a picture that can be read: use PNG or JPEG"), OURS)
        if told is not None:
            raise told from None
        raise Refusal(N_("this is not an image file that can be read: use PNG or JPEG")) from error
    except Exception as error:  # Pillow's decoders raise anything on damaged files
        raise Refusal(N_("the image file is damaged and cannot be read")) from error


def _bytes(source: bytes | Path) -> bytes:
    if isinstance(source, bytes):
        content = source
    else:
        try:
            with source.open("rb") as file:
                content = file.read(MOST_BYTES + 1)
        except OSError as error:
            raise Refusal(
                N_("{file} cannot be read: {reason}"), file=source.name, reason=error.strerror or ""
            ) from error
    if len(content) > MOST_BYTES:
        raise Refusal(N_("the file has more than {megabytes} MB"), megabytes=MOST_BYTES // 1_000_000)
    return content


def _refuse_too_large(picture: Image.Image) -> None:
    baseline = picture.format == "JPEG" and not picture.info.get("progressive")
    most = MOST_PIXELS_OF_A_PHOTOGRAPH if baseline else MOST_PIXELS
    if picture.width * picture.height > most:
        raise _too_large(most)


def _too_large(most: int = MOST_PIXELS_OF_A_PHOTOGRAPH) -> Refusal:
    return Refusal(N_("the image has more than {millions} million pixels"), millions=most // 1_000_000)


def _grey(picture: Image.Image) -> Ink:
    """Shrink and turn to grey. On transparent paper, paper becomes the opposite of the ink's brightness."""
    if picture.mode.startswith(("I", "F")):  # 16 and 32 bits: by what is there, not by what could be
        deep = np.asarray(picture, np.float32)
        low, high = float(deep.min()), float(deep.max())
        picture = Image.fromarray(np.uint8((deep - low) / max(high - low, 1e-9) * 255))
    picture.thumbnail((WORKING, WORKING), Image.Resampling.BOX)
    if not picture.has_transparency_data:
        return np.asarray(picture.convert("L"), np.float32) / np.float32(255)
    layers = np.asarray(picture.convert("RGBA"), np.float32) / np.float32(255)
    grey = layers[..., :3] @ np.array([0.299, 0.587, 0.114], np.float32)
    alpha = layers[..., 3]
    opaque = float((grey * alpha).sum() / max(float(alpha.sum()), 1e-6))
    paper = 0.0 if opaque > 0.5 else 1.0
    flat: Ink = (grey * alpha + paper * (1 - alpha)).astype(np.float32)
    return flat


def ink_of_grey(grey: Ink) -> Ink:
    """Tell ink from paper: dark on light or light on dark, in uneven light, specks left out.

    The paper is what a wide median filter sees; ink is what differs from it in the rarer direction. Otsu's
    threshold splits the differences; around it the ink keeps its soft edge. A picture of 28x28 with an even
    border may be one of MNIST's own, and keeps its greys.
    """
    difference = grey - paper_of(grey)
    strength = np.maximum(difference, 0) if _ink_is_light(difference) else np.maximum(-difference, 0)
    top = float(np.quantile(strength, 0.999)) if strength.size > 2000 else float(strength.max())
    if top < FAINTEST:
        return np.zeros_like(grey)
    if grey.shape == (SIDE, SIDE) and not difference[[0, -1]].any() and not difference[:, [0, -1]].any():
        own: Ink = np.minimum(strength / top, 1).astype(np.float32)
        return own
    middle = otsu(np.minimum(strength, top))
    soft = np.clip(strength / max(min(2 * middle, top), 1e-6), 0, 1).astype(np.float32)
    soft[strength < 0.35 * middle] = 0
    return bold_enough(without_specks(soft))


def paper_of(grey: Ink) -> Ink | float:
    """Return the brightness of the paper: of the border for small pictures, of the surroundings for large ones."""
    border = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    level = float(np.median(border))
    if max(grey.shape) < 100 or float(np.quantile(border, 0.9) - np.quantile(border, 0.1)) < 0.06:
        return level
    small = grey[::4, ::4]
    wide = ndimage.median_filter(small, size=max(small.shape) // 2 | 1, mode="nearest")
    zoom = (grey.shape[0] / wide.shape[0], grey.shape[1] / wide.shape[1])
    smooth: Ink = ndimage.zoom(ndimage.gaussian_filter(wide, 3), zoom, order=1, mode="nearest", grid_mode=True)
    return smooth


def _ink_is_light(difference: Ink) -> bool:
    """Say whether the stronger differences are towards light."""
    light, dark = np.quantile(difference, 0.99), np.quantile(difference, 0.01)
    return bool(max(light, difference.max() / 2) > max(-dark, -difference.min() / 2))


def otsu(strength: Ink) -> float:
    """Return the threshold that splits values into two classes with the largest variance between them.

    Maximises w₀ w₁ (μ₀ − μ₁)² over 64 bins. Otsu, IEEE Trans. SMC 9 (1979).
    """
    counts, edges = np.histogram(strength, 64)
    middles = (edges[:-1] + edges[1:]) / 2
    below = np.cumsum(counts)[:-1].astype(np.float64)
    sums = np.cumsum(counts * middles)
    above = below[-1] + counts[-1] - below
    with np.errstate(divide="ignore", invalid="ignore"):
        between = below * above * (sums[:-1] / below - (sums[-1] - sums[:-1]) / above) ** 2
    return float(edges[1 + int(np.argmax(np.nan_to_num(between)))])


def without_specks(ink: Ink) -> Ink:
    """Drop connected pieces that are smaller than a twentieth of the largest in extent: dust, and noise."""
    labels, count = ndimage.label(ink > 0.3, np.ones((3, 3)))
    if count == 0:
        return ink
    sizes = np.array([max(part.stop - part.start for part in box) for box in ndimage.find_objects(labels)])
    kept = np.concatenate([[False], sizes >= max(sizes.max() / 20, 1)])
    near = ndimage.maximum_filter(kept[labels].astype(np.uint8), 3)  # the soft edge belongs to its piece
    return np.where(near > 0, ink, np.float32(0))


def bold_enough(ink: Ink) -> Ink:
    """Make a fine pen bolder, so that it does not fade when the digit is scaled into 20x20.

    The pen's width is twice the mean distance of the ink's ridge to the paper.
    """
    solid = ink > 0.5
    if not solid.any():
        return ink
    depth = ndimage.distance_transform_edt(np.pad(solid, 1))[1:-1, 1:-1]
    ridge = solid & (depth >= ndimage.maximum_filter(depth, 3))
    pen = max(2 * float(depth[ridge].mean()) - 1, 1.0)
    rows, columns = np.flatnonzero(solid.any(axis=1)), np.flatnonzero(solid.any(axis=0))
    extent = max(rows[-1] - rows[0], columns[-1] - columns[0]) + 1
    wanted = FINEST * extent / BOX
    if pen >= wanted:
        return ink
    grow = (wanted - pen) / 2
    padded = np.pad(ink, int(np.ceil(grow)) + 1)
    away = ndimage.distance_transform_edt(padded <= 0.5)
    bolder: Ink = np.maximum(padded, np.clip(grow + 1 - away, 0, 1)).astype(np.float32)
    return bolder
