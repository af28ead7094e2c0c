"""An image file -> the ink of what was written, whatever the paper, the light, the pen and what stands round it."""

from __future__ import annotations

import io
import math
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from core import file_kind
from core.errors import N_, InvalidSetting, Phrase
from core.file_kind import NamedFile
from core.sketch.contrast import Pixels
from core.sketch.picture_ink import PictureInk, of_pixels
from core.warning_filters import raised_warnings

MOST_BYTES = 20_000_000
MOST_PIXELS = 16_000_000  # they are all unpacked: 64 MB
MOST_PIXELS_OF_A_PHOTOGRAPH = 50_000_000  # JPEG is read at a part of its size; a phone's has 12 to 50 million
OURS = frozenset({"PNG", "JPEG", "GIF", "BMP", "WebP", "TIFF"})  # as ``file_kind`` calls those that are read
FORMATS = ("PNG", "JPEG", "GIF", "BMP", "WEBP", "TIFF", "PPM")
FINE = 1600  # pixels of the longer side that a small digit is looked for in


def read(source: bytes | Path) -> PictureInk:
    """Return what is written on the picture in an image file.

    Raises ``InvalidSetting`` when the file cannot be read, is no image, or is too large to be safe to open.
    """
    return of_pixels(load(source))


def load(source: bytes | Path) -> Pixels:
    """Read an image file as (height, width, 3) in [0, 1], upright, transparent parts as paper, ``FINE`` at most."""
    content = _bytes(source)
    try:
        with (
            raised_warnings(Image.DecompressionBombWarning),
            Image.open(io.BytesIO(content), formats=FORMATS) as picture,
        ):
            _refuse_too_large(picture)
            picture.draft("RGB", (FINE, FINE))  # lets JPEG decode small
            return _pixels(ImageOps.exif_transpose(picture))
    except InvalidSetting:
        raise
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise _too_large() from error
    except UnidentifiedImageError as error:
        name = source.name if isinstance(source, Path) else Phrase(N_("this file"))
        problem = file_kind.problem(
            NamedFile(name, content), N_("a picture that can be read: use PNG or JPEG"), OURS
        )
        if problem is not None:
            raise problem from None
        raise InvalidSetting(N_("this is not an image file that can be read: use PNG or JPEG")) from error
    except Exception as error:  # Pillow's decoders raise anything on damaged files
        raise InvalidSetting(N_("the image file is damaged and cannot be read")) from error


def _bytes(source: bytes | Path) -> bytes:
    if isinstance(source, bytes):
        content = source
    else:
        try:
            with source.open("rb") as file:
                content = file.read(MOST_BYTES + 1)
        except OSError as error:
            raise InvalidSetting(
                N_("{file} cannot be read: {reason}"), file=source.name, reason=error.strerror or ""
            ) from error
    if len(content) > MOST_BYTES:
        raise InvalidSetting(N_("the file has more than {megabytes} MB"), megabytes=MOST_BYTES // 1_000_000)
    return content


def _refuse_too_large(picture: Image.Image) -> None:
    baseline = picture.format == "JPEG" and not picture.info.get("progressive")
    most = MOST_PIXELS_OF_A_PHOTOGRAPH if baseline else MOST_PIXELS
    if picture.width * picture.height > most:
        raise _too_large(most)


def _too_large(most: int = MOST_PIXELS_OF_A_PHOTOGRAPH) -> InvalidSetting:
    return InvalidSetting(N_("the image has more than {millions} million pixels"), millions=most // 1_000_000)


def _pixels(picture: Image.Image) -> Pixels:
    """Shrink and turn to colour. On transparent paper, paper becomes the opposite of the ink's brightness."""
    if picture.mode.startswith(("I", "F")):  # 16 and 32 bits: by what is there, not by what could be
        deep = np.asarray(picture, np.float32)
        low, high = float(deep.min()), float(deep.max())
        if not math.isfinite(high - low):
            raise InvalidSetting(N_("the image has pixels that are not finite numbers (nan or infinity)"))
        picture = Image.fromarray(np.uint8((deep - low) / max(high - low, 1e-9) * 255))
    picture.thumbnail((FINE, FINE), Image.Resampling.BOX)
    if not picture.has_transparency_data:
        return np.asarray(picture.convert("RGB"), np.float32) / np.float32(255)
    layers = np.asarray(picture.convert("RGBA"), np.float32) / np.float32(255)
    colour, alpha = layers[..., :3], layers[..., 3:]
    grey = colour @ np.array([0.299, 0.587, 0.114], np.float32)
    opaque = float((grey * alpha[..., 0]).sum() / max(float(alpha.sum()), 1e-6))
    paper = 0.0 if opaque > 0.5 else 1.0
    flat: Pixels = (colour * alpha + paper * (1 - alpha)).astype(np.float32)
    return flat
