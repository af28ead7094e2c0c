"""The page of the digits in a real browser: an image on its way into a batch, and all images to look through."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from core import dataloading, datasets
from core.dataloading import LoaderSettings
from tests.browser import reader
from tests.browser.chromium import no_traceback, settle
from tests.browser.contrast import least_contrast

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]


def pixels(picture: Locator) -> list[list[int]]:
    """The grey values of a picture on the page, which is a data address."""
    encoded = (picture.get_attribute("src") or "").split("base64,")[1]
    with Image.open(io.BytesIO(base64.b64decode(encoded))) as image:
        return np.asarray(image.convert("L")).tolist()


def first_six(page: Page, images: list[list[list[int]]], labels: list[int]) -> None:
    """The page shows these six digits, dark on light, with these labels."""
    figure = page.locator("figure", has_text="Ground truth")
    expect(figure).to_have_count(6)
    assert [each.inner_text().strip() for each in figure.all()] == [f"Ground truth: {label}" for label in labels]
    assert [pixels(each.locator("img")) for each in figure.all()] == [
        [[255 - value for value in row] for row in image] for image in images
    ]
    no_traceback(page)


def test_the_page_says_which_data_set_it_shows_and_shows_six_with_their_labels(visit: Visit) -> None:
    page = visit("digits?digits_set=digits&digits_part=test&digits_shuffle=false")
    expect(page.get_by_text("1,797 real digits").first).to_be_visible()
    data = datasets.load("digits")
    first_six(page, data.test_images[:6].tolist(), data.test_labels[:6].tolist())


def test_with_mnist_they_are_the_six_of_the_tutorial(visit: Visit, mnist_folder: Path) -> None:
    page = visit("digits?digits_set=mnist&digits_part=test&digits_shuffle=false")
    expect(page.get_by_text("60,000").first).to_be_visible()
    data = datasets.load("mnist", mnist_folder)
    first_six(page, data.test_images[:6].tolist(), [7, 2, 1, 0, 4, 1])


def test_the_address_filters_one_digit_and_an_image_opens_into_its_784_numbers(visit: Visit) -> None:
    page = visit("digits?digits_set=digits&digits_tab=browse&digits_digit=7&digits_part=test&digits_page=999")
    settle(page)
    data = datasets.load("digits")
    sevens = (data.test_labels == 7).nonzero().flatten().tolist()
    expect(page.locator("figcaption", has_text="7 · ").first).to_be_visible()
    captions = page.locator("figcaption", has_text=" · ").all_inner_texts()
    captions = [caption for caption in captions if caption[0].isdigit() and caption[1:4] == " · "]
    assert captions and all(caption.startswith("7 · ") for caption in captions)
    assert {int(caption.split(" · ")[1]) for caption in captions} <= set(sevens)
    cells = page.locator(".sw-grid td")
    expect(cells).to_have_count(784)
    first = data.test_images[int(captions[0].split(" · ")[1])].flatten().tolist()
    assert [int(text or 0) for text in cells.all_inner_texts()] == first
    assert 4.5 <= least_contrast(page, ".sw-grid td") < 21
    no_traceback(page)


def test_the_first_screen_shows_each_step_with_its_tensor(visit: Visit) -> None:
    page = visit("digits?digits_set=digits&digits_index=3&digits_batch=9&digits_seed=4")
    cards = page.locator(".sw-way figure")
    expect(cards).to_have_count(4)
    data = datasets.load("digits")
    one = dataloading.sample(data, "train", 3)
    images, _labels = dataloading.first_batch(data, LoaderSettings(batch_size=9, seed=4))
    assert pixels(cards.nth(0).locator("img")) == (255 - data.train_images[3].int()).tolist()
    for card, shape, mean in (
        (cards.nth(1), "(1, 28, 28) float32", one.tensor.mean()),
        (cards.nth(2), "(1, 28, 28) float32", one.normalised.mean()),
        (cards.nth(3), "(9, 1, 28, 28) float32", images.mean()),
    ):
        expect(card).to_contain_text(shape)
        expect(card).to_contain_text(f"mean {mean:.4g}".replace("-", "−"))
    for card in cards.all():  # pictures before any scrolling, on a laptop
        box = card.locator("img").bounding_box()
        assert box and box["y"] + box["height"] < 800
    expect(page.locator(".sw-histogram")).to_have_count(2)
    no_traceback(page)


def test_in_chinese_on_a_phone_the_page_stays_inside_the_screen(visit: Visit) -> None:
    page = visit("digits", width=390, language="zh", touch=True)
    expect(page.get_by_role("heading", name="数据集").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    no_traceback(page)


def test_the_pictures_of_a_projector_take_the_width_that_there_is(visit: Visit) -> None:
    page = visit("digits", width=1920, height=1080)
    steps, examples = page.locator(".sw-way figure"), page.locator(".st-key-digits_preprocessing .sw-figure")
    histograms = page.locator(".sw-histogram")
    for each in (steps, examples, histograms):
        each.last.wait_for()
    reader.rest(page)
    most = reader.place(page.locator(".st-key-digits_preprocessing"))["width"]
    for step in steps.all():
        assert reader.place(step.locator("img"))["width"] > 0.65 * reader.place(step)["width"]
    assert sum(reader.place(each)["width"] for each in examples.all()) > 0.9 * most
    for each in histograms.all():
        assert reader.place(each)["width"] > 0.9 * most
