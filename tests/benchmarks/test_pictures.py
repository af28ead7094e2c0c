"""Pictures with something round the digit, made by code: read, or doubted, and what was left out is said."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from benchmarks import pictures as benchmark
from benchmarks.picture_series import CONDITIONS, series
from core import datasets, recognise
from core.recognise import Answer
from core.sketch import drawing, examples, lines, page, parts, picture_ink
from core.sketch.record import paint

pytestmark = pytest.mark.heavy
FIVE = drawing.Drawing(
    (
        np.array([[210.0, 60], [110, 64], [102, 132]]),
        examples.curve(np.array([[102.0, 132], [150, 112], [196, 140], [196, 196], [150, 224], [98, 206]])),
    )
)


def five(side: int = 280, paper: float = 1.0, pen: float = 0.0) -> np.ndarray:
    """A 5 as grey pixels (side, side)."""
    ink = np.asarray(Image.fromarray(paint(FIVE)).resize((side, side), Image.Resampling.BOX))
    return (paper + ink * (pen - paper)).astype(np.float32)


def colour(grey: np.ndarray) -> np.ndarray:
    return np.repeat(grey[..., None], 3, axis=2).astype(np.float32)


def read(pixels: np.ndarray) -> tuple[Answer, picture_ink.PictureInk]:
    ink = picture_ink.of_pixels(pixels)
    return recognise.of_pictures(recognise.shipped(), [ink])[0], ink


def on(grey: np.ndarray, height: int, width: int, ground: float) -> np.ndarray:
    """``grey`` in the middle of a larger picture."""
    out = np.full((height, width), ground, np.float32)
    top, left = (height - grey.shape[0]) // 2, (width - grey.shape[1]) // 2
    out[top : top + grey.shape[0], left : left + grey.shape[1]] = grey
    return out


def with_lines(grey: np.ndarray, draw: object) -> np.ndarray:
    picture = Image.fromarray(np.rint(grey * 255).astype(np.uint8))
    draw(ImageDraw.Draw(picture))  # type: ignore[operator]
    return np.asarray(picture, np.float32) / 255


def test_a_frame_is_left_out_and_named() -> None:
    framed = with_lines(five(), lambda brush: brush.rectangle((30, 30, 250, 250), outline=0, width=4))
    answer, ink = read(colour(framed))
    assert (answer.digit, answer.doubt) == (5, None)
    assert set(ink.removed) & {parts.FRAME, parts.SHEET}


def test_a_frame_without_one_side_and_one_of_dashes_are_left_out() -> None:
    def three_sides(brush: ImageDraw.ImageDraw) -> None:
        brush.line([(40, 30), (40, 250), (250, 250), (250, 30)], fill=0, width=4)

    def dashes(brush: ImageDraw.ImageDraw) -> None:
        for start in range(30, 250, 16):
            for a, b in (((start, 26), (start + 9, 26)), ((start, 254), (start + 9, 254))):
                brush.line([a, b], fill=0, width=3)
                brush.line([a[::-1], b[::-1]], fill=0, width=3)

    for draw in (three_sides, dashes):
        answer, ink = read(colour(with_lines(five(), draw)))
        assert (answer.digit, answer.doubt) == (5, None)
        assert set(ink.removed) & {parts.FRAME, parts.LINES}


def test_ruling_that_crosses_the_digit_goes_and_the_digit_stays_whole() -> None:
    def ruled(brush: ImageDraw.ImageDraw) -> None:
        for y in range(10, 280, 40):
            brush.line([(0, y), (280, y)], fill=0, width=3)

    answer, ink = read(colour(with_lines(five(), ruled)))
    assert (answer.digit, answer.doubt) == (5, None) and parts.LINES in ink.removed


def test_what_lines_leave_of_a_stroke_is_joined_again() -> None:
    strength = np.zeros((60, 60), np.float32)
    strength[5:55, 28:34] = 1
    strength[30:33] = 0.4  # a faint line over the stroke
    ruled = lines.ruling(strength, 0.1, np.ones((60, 60), bool))
    assert ruled[30:33, :20].all() and not ruled[10:25].any()
    bare = lines.without(strength, ruled)
    assert bare[30:33, 30].min() == 1 and not bare[30:33, :24].any()


def test_the_bar_of_a_seven_that_fills_the_picture_is_no_ruling() -> None:
    seven = paint(examples.example("seven"))
    rows, columns = np.flatnonzero(seven.any(axis=1)), np.flatnonzero(seven.any(axis=0))
    tight = 1 - seven[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    answer, ink = read(colour(tight))
    assert (answer.digit, answer.doubt) == (7, None) and parts.LINES not in ink.removed


def test_a_sheet_on_a_desk_and_a_square_on_a_page_are_found_first() -> None:
    sheet = np.asarray(
        Image.fromarray(np.rint(on(five(220), 260, 230, 1) * 255).astype(np.uint8)).rotate(
            8, expand=True, fillcolor=60
        ),
        np.float32,
    )
    desk = on(sheet / 255, 420, 420, 60 / 255) * np.linspace(0.7, 1, 420, dtype=np.float32)
    square = on(five(200, 0, 1), 300, 340, 1)
    for grey in (desk, square):
        answer, ink = read(colour(grey))
        assert (answer.digit, answer.doubt) == (5, None) and ink.removed[0] == parts.SHEET


def test_the_loop_of_a_bold_digit_is_no_page() -> None:
    y, x = np.mgrid[0:200, 0:200]
    away = np.hypot((x - 100) / 70, (y - 100) / 90)
    bold = colour(1 - ((away < 1) & (away > 0.45)).astype(np.float32))
    assert page.page_of(bold) is None
    assert read(bold)[0].digit == 0


def test_the_smallest_rectangle_round_a_turned_square_is_the_square() -> None:
    # Corners (1, 0), (0, 1), (-1, 0), (0, -1): sides of √2, area 2; the level box has 4.
    assert page.smallest_rectangle(np.array([[1.0, 0], [0, 1], [-1, 0], [0, -1]])) == pytest.approx(2)


def test_a_digit_of_one_percent_of_a_large_page_is_found() -> None:
    large = np.full((1500, 1100), 0.95, np.float32)
    large[1200:1230, 700:730] = five(30, 0.95, 0.1)
    answer, _ink = read(colour(large))
    assert (answer.digit, answer.doubt) == (5, None)


@pytest.mark.parametrize("paper, pen", [((1, 1, 1), (1, 1, 0)), ((0, 0, 0), (0, 0, 1)), ((0, 0.51, 0), (1, 0, 0))])
def test_a_pen_as_bright_as_its_paper_is_seen_by_its_colour(
    paper: tuple[float, ...], pen: tuple[float, ...]
) -> None:
    ink = paint(FIVE)[..., None]
    pixels = np.array(paper, np.float32) + ink * (np.array(pen, np.float32) - np.array(paper, np.float32))
    answer, _ink = read(pixels.astype(np.float32))
    assert (answer.digit, answer.doubt) == (5, None)


def test_a_neighbour_cut_off_and_a_blot_are_left_out() -> None:
    wide = on(five(), 280, 340, 1)
    wide[60:220, 332:] = 0
    corner = on(five(), 340, 340, 1)
    corner[8:30, 8:30] = 0
    for grey, name in ((wide, parts.EDGE), (corner, parts.MARKS)):
        answer, ink = read(colour(grey))
        assert (answer.digit, answer.doubt) == (5, None) and ink.removed == (name,)


def test_a_digit_that_touches_the_edge_beside_another_mark_is_doubted() -> None:
    cut = five()[:, :170].copy()  # the right of the 5 is missing
    cut[130:200, 20:60] = 0
    answer, _ink = read(colour(cut))
    assert answer.doubt is not None


@pytest.mark.parametrize("count", [40])
def test_pictures_of_no_digit_are_doubted(count: int) -> None:
    counted = benchmark.measure("no digit", *_built_in(), count, seed=5)
    assert counted.wrong <= 1


@cache
def _built_in() -> tuple[np.ndarray, list[int]]:
    """Digits that are there without MNIST; those that even a clean picture does not get read are left out."""
    data = datasets.load("digits")
    images, labels = data.test_images.numpy(), data.test_labels.tolist()
    sure = [index for index, label in enumerate(labels[:120]) if _reads(images[index], label)]
    return images[sure], [labels[index] for index in sure]


def _reads(image: np.ndarray, label: int) -> bool:
    answer = recognise.answer(recognise.shipped(), image[None], [None], [True])[0]
    return answer.doubt is None and answer.digit == label and max(answer.probabilities) > 0.9


def test_a_picture_is_a_function_of_condition_seed_and_index() -> None:
    images, labels = _built_in()
    one, two = (list(series("frame", images, labels, 3, seed=1)) for _ in range(2))
    assert all(np.array_equal(a, b) for (a, _), (b, _) in zip(one, two, strict=True))
    other = next(series("frame", images, labels, 1, seed=2))[0]
    assert other.size != one[0][0].size or not np.array_equal(other, one[0][0])


def test_without_mnist_few_of_any_condition_are_wrong_and_undoubted() -> None:
    images, labels = _built_in()
    names = [name for name in CONDITIONS if name not in ("small on a large page", "no digit")]
    counts = {name: benchmark.measure(name, images, labels, 6, seed=3) for name in names}
    assert sum(each.wrong for each in counts.values()) <= 0.04 * 6 * len(names), counts
    assert sum(each.right for each in counts.values()) >= 0.75 * 6 * len(names), counts


@pytest.mark.long
@pytest.mark.mnist
@pytest.mark.parametrize("name", CONDITIONS)
def test_of_50_pictures_at_most_2_percent_are_wrong_and_undoubted(name: str, mnist_folder: Path) -> None:
    """``python -m benchmarks.pictures`` reads 300 of each."""
    data = datasets.load("mnist", mnist_folder)
    counted = benchmark.measure(name, data.test_images.numpy(), data.test_labels.tolist(), 50, seed=0)
    assert counted.wrong <= 1, counted
    least = {"no digit": 0, "hard shadow": 25}  # a digit on light and on shaded paper is often doubted
    assert counted.right >= least.get(name, 40), counted
