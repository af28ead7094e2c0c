"""Digits, maps and bars as the pages show them."""

from __future__ import annotations

import base64
import io
import re

import numpy as np
import pytest
from PIL import Image

from core.figures import digits, palette
from pages.shared import figures, frame


def image_of(html: str) -> Image.Image:
    """Decode the first image in ``html``."""
    match = re.search(r"data:image/png;base64,([^\"]+)", html)
    assert match
    return Image.open(io.BytesIO(base64.b64decode(match[1])))


def pixels_of(html: str) -> np.ndarray:
    return np.asarray(image_of(html))


def colour(pixel: np.ndarray) -> str:
    return "#" + "".join(f"{value:02x}" for value in pixel)


def over(pixels: np.ndarray, ground: str) -> np.ndarray:
    """What one sees of partly transparent pixels (..., 4) on a ground."""
    under = np.array([int(ground[at : at + 2], 16) for at in (1, 3, 5)])
    alpha = pixels[..., 3:] / 255
    return np.rint(alpha * pixels[..., :3] + (1 - alpha) * under).astype(np.uint8)


@pytest.mark.parametrize("neutral", [palette.NEUTRAL, palette.DARK_NEUTRAL])
def test_signed_colours_are_orange_at_minus_bound_the_themes_neutral_at_zero_and_blue_at_bound(neutral) -> None:
    pixels = over(digits.signed(np.array([[-2.0, 0.0, 2.0, 9.0]]), bound=2.0)[0], neutral)
    expected = [palette.NEGATIVE, neutral, palette.POSITIVE, palette.POSITIVE]
    assert [colour(pixel) for pixel in pixels] == expected
    half = over(digits.signed(np.array([[1.0]]), bound=2.0)[0], neutral)[0].astype(int)
    ends = [np.array([int(end[at : at + 2], 16) for at in (1, 3, 5)]) for end in (neutral, palette.POSITIVE)]
    assert np.abs(half - (ends[0] + ends[1]) / 2).max() <= 1


def test_only_signed_colours_have_the_ground_of_the_theme_under_them() -> None:
    assert 'class="sw-signed"' in figures.figure(digits.signed(np.ones((2, 2))), "1px", "")
    assert 'class="sw-signed"' not in figures.figure(np.zeros((2, 2), np.uint8), "1px", "")
    style = frame.STYLE.read_text("utf-8")
    assert f".sw-signed {{ background: light-dark({palette.NEUTRAL}, {palette.DARK_NEUTRAL}); }}" in style


@pytest.mark.parametrize("neutral", [palette.NEUTRAL, palette.DARK_NEUTRAL])
def test_a_veil_is_seen_on_either_ground_and_leaves_strong_colours_alone(neutral) -> None:
    colours = digits.signed(np.array([[0.0, 0.0, 1.0]]))
    paper, shade, blue = over(digits.with_shade(colours, np.array([[False, True, True]])), neutral)[0].astype(int)
    assert colour(paper) == neutral and colour(blue) == palette.POSITIVE
    assert 8 <= np.abs(shade - paper).max() <= 16


def test_a_figure_holds_exactly_its_pixels_and_escapes_its_words() -> None:
    image = np.arange(12, dtype=np.uint8).reshape(3, 4)
    html = figures.figure(image, "40px", "<b>caption</b>")
    assert np.array_equal(pixels_of(html), image)
    assert "<b>" not in html and "&lt;b&gt;" in html


def test_the_number_grid_has_one_cell_a_pixel_with_its_number() -> None:
    image = np.array([[0, 7], [255, 0]], np.uint8)
    html = figures.number_grid(image, figures.texts(image), "numbers")
    assert re.findall(r"<td[^>]*>([^<]*)</td>", html) == ["", "7", "255", ""]
    texts = figures.texts(image, (image / 255 - 0.1307) / 0.3081)
    assert texts.tolist() == [["-0.42", "-0.34"], ["2.82", "-0.42"]]


def test_a_montage_shows_every_map_on_one_scale() -> None:
    maps = np.stack([np.full((12, 12), value) for value in (0.0, 1.0, 2.0)])
    sheet = pixels_of(figures.figure(digits.montage(maps, columns=2), "1px", ""))
    assert sheet.shape == (25, 25)
    assert [int(sheet[at]) for at in ((0, 0), (0, 13), (13, 0), (0, 12))] == [255, 127, 0, digits.GREY]


def test_a_square_has_the_picture_in_its_middle() -> None:
    squared = digits.square(np.zeros((4, 2), np.uint8))
    assert squared.tolist() == [[255, 0, 0, 255]] * 4


def test_the_ink_of_every_grey_has_a_contrast_of_four_and_a_half() -> None:
    """WCAG 2 asks for it; 118 is the first grey on which black is read better than white."""
    inks = [palette.ink((grey, grey, grey)) for grey in range(256)]
    assert inks == ["#fff"] * 118 + ["#000"] * 138
    assert palette.ink((31, 111, 235)) == "#fff" and palette.ink((217, 115, 13)) == "#000"  # the palette's two ends
