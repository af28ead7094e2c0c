"""From strokes and pictures to 28x28: framed as MNIST is, whatever the size, the place, the pen and the paper."""

from __future__ import annotations

import io
import json
import math
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw
from scipy import ndimage

from core import mnist_framing
from core.errors import InvalidSetting
from core.mnist_framing import Ink
from core.sketch import contrast, drawing, examples, image_file, masks, page, picture_ink, record, strokes

SEVEN = examples.example("seven")


def mass(image: np.ndarray) -> tuple[float, float]:
    return mnist_framing.centre_of_mass(image.astype(np.float32))


def moved(sketch: drawing.Drawing, factor: float, dx: float, dy: float, pen: float = 18) -> drawing.Drawing:
    return drawing.Drawing(tuple(each * factor + [dx, dy] for each in sketch.strokes), 280, 280, pen)


# --- The ink of strokes


def test_the_darkness_of_a_pixel_is_half_the_pen_minus_the_distance_plus_a_half() -> None:
    # One level segment at y = 10 with a pen of 3 pixels: pixel centres are at y + 0.5.
    # Row 9: |9.5 - 10| = 0.5 -> 3/2 - 0.5 + 0.5 = 1.5 -> 1. Row 8: 1.5 -> 0.5. Row 7: 2.5 -> -0.5 -> 0.
    start, end = np.array([[2.0, 10.0]]), np.array([[18.0, 10.0]])
    ink = strokes.ink(start, end, np.array([1]), 20, 20, np.array([3.0], np.float32))[0]
    assert ink[5:15, 10].tolist() == [0, 0, 0, 0.5, 1, 1, 0.5, 0, 0, 0]


def test_many_drawings_at_once_are_drawn_as_each_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    sketches = [examples.example(name) for name in examples.KNOTS]
    together = record.images(sketches)
    monkeypatch.setattr(strokes, "CHUNK", 3)
    for one, image in zip(sketches, together, strict=True):
        assert np.array_equal(record.images([one])[0], image)
        assert np.array_equal(record.from_drawing(one).image, image)


def test_ink_fills_the_box_of_20_and_its_centre_of_mass_is_on_pixel_14() -> None:
    for name in ("seven", "three", "one", "four", "corner"):
        image = record.from_drawing(examples.example(name)).image
        rows, columns = np.flatnonzero(image.any(axis=1)), np.flatnonzero(image.any(axis=0))
        assert max(rows[-1] - rows[0], columns[-1] - columns[0]) + 1 == 20
        assert all(13.4 <= place <= 14.6 for place in mass(image))


@given(factor=st.floats(1e-3, 1e5), dx=st.floats(-1e6, 1e6), dy=st.floats(-1e6, 1e6), pen=st.floats(0.1, 200))
def test_size_place_and_pen_do_not_change_what_the_network_sees(
    factor: float, dx: float, dy: float, pen: float
) -> None:
    ours = record.images([SEVEN])[0].astype(int)
    # Numbers near a million leave fewer digits for a tiny drawing, so the place is in units of its size.
    theirs = record.images([moved(SEVEN, factor, dx * factor / 100, dy * factor / 100, pen)])[0].astype(int)
    assert np.abs(ours - theirs).max() <= 2


def test_a_speck_far_away_does_not_decide_where_the_digit_is() -> None:
    speck = np.array([[5.0, 270.0], [6.0, 271.0]])
    with_speck = drawing.Drawing((*SEVEN.strokes, speck))
    assert np.array_equal(record.images([with_speck]), record.images([SEVEN]))


@pytest.mark.parametrize(
    "points",
    [
        [[50, 60]],
        [[50, 60], [50, 60], [50, 60]],
        [[0, 0], [1e-9, 0]],
        [[1e-320, 0], [3e-320, 4e-320]],
        [[-1e9, -1e9], [1e9, 1e9]],
    ],
)
@pytest.mark.filterwarnings("error")
def test_points_duplicates_and_huge_drawings_give_a_finite_image(points: list[list[float]]) -> None:
    sketch = record.from_drawing(drawing.from_json({"strokes": [points]}))
    assert sketch.image.shape == (28, 28) and sketch.image.max() > 0


def test_an_empty_canvas_gives_paper_and_no_box() -> None:
    for nothing in ((), (np.empty((0, 2)),)):
        sketch = record.from_drawing(drawing.Drawing(nothing))
        assert sketch.box is None and not sketch.image.any()


# --- The steps


def test_the_record_holds_every_step_and_each_follows_from_the_one_before() -> None:
    sketch = record.from_drawing(SEVEN)
    assert sketch.box is not None and sketch.crop is not None and sketch.boxed is not None
    top, left, bottom, right = sketch.box
    assert np.array_equal(sketch.crop, sketch.canvas[top:bottom, left:right])
    assert sketch.boxed.shape == (20, 20)
    assert sketch.mass == mnist_framing.centre_of_mass(sketch.boxed)
    assert sketch.corner is not None
    down, across = sketch.corner
    expected = np.rint(sketch.boxed * 255).astype(np.uint8)
    assert np.array_equal(sketch.image[down : down + 20, across : across + 20], expected)
    assert (down, across) == tuple(math.floor(14 - place + 0.5) for place in sketch.mass)
    narrow = record.from_drawing(drawing.Drawing((np.array([[9.0, 0.0], [9.0, 50.0]]),)))
    assert all(13.4 <= place <= 14.6 for place in mass(narrow.image))  # a bare bar stands in the middle too


def test_without_centring_the_digit_stays_in_its_corner() -> None:
    corner = record.from_drawing(examples.example("corner"), centred=False)
    assert not corner.centred and corner.box is None
    assert mass(corner.image)[0] < 9 and mass(corner.image)[1] < 9
    picture = record.from_ink(corner.canvas, centred=False)
    assert np.abs(np.subtract(mass(picture.image), mass(corner.image))).max() < 0.5


def test_centre_of_mass_by_hand() -> None:
    # ink 1 at (0, 0) and 3 at (2, 4): row (0*1 + 2*3)/4 = 1.5, column (0*1 + 4*3)/4 = 3
    ink = np.zeros((3, 5), np.float32)
    ink[0, 0], ink[2, 4] = 1, 3
    assert mnist_framing.centre_of_mass(ink) == (1.5, 3.0)


def test_an_mnist_image_goes_through_the_steps_unchanged(mnist_folder: Path) -> None:
    from core import datasets

    images = datasets.load("mnist", mnist_folder).test_images[:60].numpy()
    changed = [
        np.abs(record.from_ink(image_file.read(png(Image.fromarray(image))).ink).image.astype(int) - image).max()
        for image in images
    ]
    assert sum(difference > 2 for difference in changed) <= 5  # a centre of mass on the edge between two pixels


# --- Drawings as data


@pytest.mark.parametrize(
    "value, words",
    [
        (None, "strokes"),
        ([], "strokes"),
        ({"strokes": 3}, "strokes"),
        ({"strokes": [3]}, "stroke 1"),
        ({"strokes": [[[1, 2]], [[1]]]}, "stroke 2"),
        ({"strokes": [[["a", "b"]]]}, "stroke 1"),
        ({"strokes": [[[1, math.nan]]]}, "coordinate"),
        ({"strokes": [[[1, 1e300]]]}, "coordinate"),
        ({"strokes": [[[1, 10**400]]]}, "stroke 1"),
        ({"strokes": [{"x": 1}]}, "stroke 1"),
        ({"strokes": [[]] * 3000}, "3000 strokes"),
        ({"strokes": [[[1, 2]] * 60_000]}, "60000 points"),
        ({"strokes": [], "width": 0}, "width"),
        ({"strokes": [], "height": "9"}, "height"),
        ({"strokes": [], "stroke_width": -1}, "stroke_width"),
    ],
)
def test_what_is_no_drawing_is_refused_with_the_reason(value: object, words: str) -> None:
    with pytest.raises(InvalidSetting, match=words):
        drawing.from_json(value)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
        max_leaves=20,
    )
)
def test_any_json_is_a_drawing_or_refused(value: object) -> None:
    for candidate in (value, {"strokes": value}, {"strokes": [value]}, {"strokes": [[value, value]]}):
        try:
            sketch = drawing.from_json(candidate)
        except InvalidSetting:
            continue
        assert record.from_drawing(sketch).image.shape == (28, 28)


@pytest.mark.parametrize("number", [float("nan"), float("inf"), -float("inf")])
def test_a_picture_of_numbers_that_are_not_finite_is_refused(number: float) -> None:
    numbers = np.ones((60, 60), np.float32)
    numbers[20:40, 30] = 0
    assert image_file.read(png(Image.fromarray(numbers), "TIFF")).ink.any()
    numbers[0, 0] = number
    with pytest.raises(InvalidSetting, match="not finite"):
        image_file.read(png(Image.fromarray(numbers), "TIFF"))


def test_lists_of_xs_and_ys_in_place_of_points_are_refused() -> None:
    two_columns = [[[20, 60, 120, 200], [40, 20, 15, 30]], [[20, 120, 240], [250, 248, 252]]]
    with_times = [[list(range(9)), list(range(9)), list(range(9))]]
    for strokes_ in (two_columns, with_times):
        with pytest.raises(InvalidSetting, match=r"\[x, y\]"):
            drawing.from_json({"strokes": strokes_})
    points = [
        [[1, 2, 0.5, 7], [3, 4, 0.7, 7]],
        [[5, 6, 0.1, 7], [7, 8, 0.3, 7]],
    ]  # two points each: x, y, time, force
    assert drawing.from_json({"strokes": points}).strokes[1].tolist() == [[5, 6], [7, 8]]


def test_missing_sizes_extra_values_and_empty_strokes_are_read() -> None:
    sketch = drawing.from_json({"strokes": [[], [[1, 2, 0.5], [3, 4, 0.7]], [[5, 6], [7, 8, 9]]]})
    assert [each.tolist() for each in sketch.strokes] == [[], [[1, 2], [3, 4]], [[5, 6], [7, 8]]]
    assert (sketch.width, sketch.height, sketch.stroke_width) == (280, 280, 20)
    assert json.loads(json.dumps(sketch.strokes[1].tolist())) == [[1, 2], [3, 4]]


def test_what_the_canvas_reports_becomes_the_same_strokes() -> None:
    state = examples.to_canvas(SEVEN)
    again = drawing.from_canvas(state, 280, 280, 18)
    assert all(np.allclose(a, b, atol=0.01) for a, b in zip(again.strokes, SEVEN.strokes, strict=True))
    # A quadratic curve from (0, 0) over (2, 4) to (4, 0): its middle is (0 + 2·2 + 4)/4 = 2, (0 + 2·4 + 0)/4 = 2.
    curved = {"objects": [{"type": "path", "path": [["M", 0, 0], ["Q", 2, 4, 4, 0]], "strokeWidth": 9}]}
    bent = drawing.from_canvas(curved, 280, 280, 18)
    assert bent.strokes[0].tolist() == [[0, 0], [2, 2], [4, 0]] and bent.stroke_width == 9
    assert drawing.from_canvas(None, 280, 280, 18).empty


# --- Pictures


def drawn_on(size: int, pen: int, paper: int, ink: int) -> Image.Image:
    """A seven of ``pen`` pixels on a square of ``size``."""
    picture = Image.new("L", (size, size), paper)
    brush = ImageDraw.Draw(picture)
    for each in SEVEN.strokes:
        brush.line([tuple(point) for point in (each * size / 280).tolist()], fill=ink, width=pen, joint="curve")
    return picture


def png(picture: Image.Image, kind: str = "PNG") -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, kind)
    return buffer.getvalue()


def alike(ink: Ink) -> float:
    """How much the framed ink agrees with the strokes' own image: the correlation of the two."""
    ours, theirs = record.from_ink(ink).image, record.images([SEVEN])[0]
    return float(np.corrcoef(ours.ravel(), theirs.ravel())[0, 1])


@pytest.mark.parametrize("size, pen", [(28, 3), (64, 4), (280, 2), (280, 20), (1200, 60), (3000, 12)])
@pytest.mark.parametrize("paper, ink", [(255, 0), (0, 255), (230, 120), (60, 140)])
def test_size_pen_paper_and_ink_of_a_picture_do_not_matter(size: int, pen: int, paper: int, ink: int) -> None:
    assert alike(image_file.read(png(drawn_on(size, pen, paper, ink))).ink) > 0.75


def test_a_photograph_in_uneven_light_with_noise_is_read() -> None:
    picture = np.asarray(drawn_on(600, 26, 210, 60), np.float32)
    light = np.linspace(0.55, 1.0, 600)[None, :] * np.linspace(1.0, 0.8, 600)[:, None]
    noise = np.random.default_rng(0).normal(0, 6, picture.shape)
    photo = Image.fromarray(np.clip(picture * light + noise, 0, 255).astype(np.uint8))
    assert alike(image_file.read(png(photo.convert("RGB"), "JPEG")).ink) > 0.75


@pytest.mark.parametrize("ink", [(0, 0, 0), (255, 255, 255), (200, 30, 30)])
def test_transparent_paper_is_paper(ink: tuple[int, int, int]) -> None:
    mask = drawn_on(280, 20, 0, 255)
    picture = Image.new("RGBA", (280, 280), (*ink, 0))
    picture.putalpha(mask)
    assert alike(image_file.read(png(picture)).ink) > 0.8


@pytest.mark.parametrize("value", [0, 128, 255])
def test_blank_paper_has_no_ink(value: int) -> None:
    assert not image_file.read(png(Image.new("L", (300, 200), value))).ink.any()
    assert record.from_ink(np.zeros((30, 30), np.float32)).box is None


def bomb() -> bytes:
    """A PNG of a few kilobytes that claims to be 60,000 x 60,000 pixels."""
    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 0, 0, 0, 0)
    parts = [(b"IHDR", header), (b"IDAT", zlib.compress(bytes(100_000))), (b"IEND", b"")]
    chunks = [
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in parts
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


@pytest.mark.parametrize(
    "content, words",
    [
        (b"", "is empty"),
        (b"hello", "not an image"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG, not a picture"),
        (bomb(), "million pixels"),
        (png(drawn_on(280, 20, 255, 0))[:300], "damaged"),
        (bytes(20_000_001), "MB"),
    ],
)
def test_hostile_files_are_refused_with_a_sentence(content: bytes, words: str) -> None:
    with pytest.raises(InvalidSetting, match=words):
        image_file.read(content)


@given(st.integers(0, 2000), st.binary(min_size=1, max_size=8))
def test_a_picture_with_bytes_changed_is_read_or_refused(place: int, change: bytes) -> None:
    content = png(drawn_on(64, 5, 255, 0))
    place %= len(content)
    try:
        ink = image_file.read(content[:place] + change + content[place + len(change) :]).ink
    except InvalidSetting:
        return
    assert np.isfinite(ink).all() and record.from_ink(ink).image.shape == (28, 28)


@given(st.integers(1, 40), st.integers(1, 40), st.integers(0, 2**32 - 1))
def test_any_picture_gives_finite_ink(height: int, width: int, seed: int) -> None:
    pixels = np.random.default_rng(seed).random((height, width, 3)).astype(np.float32)
    assert np.isfinite(picture_ink.of_pixels(pixels).ink).all()


def test_otsu_splits_two_heaps_between_them() -> None:
    values = np.concatenate([np.full(90, 0.1), np.full(30, 0.9)]).astype(np.float32)
    assert 0.1 < contrast.otsu(values) < 0.9


def test_the_largest_channel_is_the_largest_of_three() -> None:
    pixels = np.random.default_rng(0).normal(size=(7, 5, 3)).astype(np.float32)
    assert np.array_equal(contrast.largest_channel(pixels), pixels.max(axis=2))


@pytest.mark.parametrize(("height", "width", "size"), [(7, 12, 3), (9, 9, 5), (4, 6, 11)])
def test_the_median_around_a_pixel_is_scipys(height: int, width: int, size: int) -> None:
    pixels = np.random.default_rng(0).random((height, width, 3), np.float32)
    expected = ndimage.median_filter(pixels, size=(size, size, 1), mode="nearest")
    assert np.array_equal(contrast.median_around(pixels, size), expected)


# --- Masks and medians, as SciPy has them


def test_masks_are_filled_shrunk_and_grown_as_by_scipy() -> None:
    random = np.random.default_rng(0)
    for share in (0.1, 0.5, 0.7, 0.95, 1.0):
        mask = random.random((40, 33)) < share
        assert np.array_equal(masks.filled(mask), ndimage.binary_fill_holes(mask))
        for steps in (1, 2, 3):
            assert np.array_equal(masks.eroded(mask, steps), ndimage.binary_erosion(mask, iterations=steps))
            larger = ndimage.binary_dilation(mask, np.ones((3, 3)), iterations=steps)
            assert np.array_equal(masks.grown(mask, steps), larger)


def test_the_box_of_a_mask_holds_all_of_it_and_no_more() -> None:
    mask = np.zeros((9, 7), bool)
    mask[2, 5] = mask[6, 1] = True
    assert masks.box_of(mask) == np.s_[2:7, 1:6]


def test_the_median_of_nine_is_scipys_at_the_border_too() -> None:
    pixels = np.random.default_rng(0).random((20, 31, 3)).astype(np.float32)
    assert np.array_equal(page.median_of_nine(pixels), ndimage.median_filter(pixels, size=(3, 3, 1)))
