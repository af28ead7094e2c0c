"""The first screen of a page: its picture and its main control are seen at every size, without scrolling."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.browser import reader

SIZES = ((1280, 800), (1024, 768), (1920, 1080), (390, 844))
SHOWN = 150  # pixels of a picture's height, where it is not all of it


def shows(page: Page, picture: str, control: str) -> None:
    """Fail unless the two selectors are seen; "" is a picture that is drawn after a press only."""
    main = page.get_by_test_id("stMain")
    main.evaluate("element => element.scrollTo(0, 0)")
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        reader.rest(page)
        for selector, least in ((picture, SHOWN), (control, height)):
            box = main.locator(selector).first.bounding_box() if selector else None
            assert box or not selector, (selector, width)
            if box:
                visible = min(height, box["y"] + box["height"]) - max(0, box["y"])
                assert visible >= min(least, box["height"]), (selector, width, box)
                assert box["x"] >= 0 and box["x"] + box["width"] <= width + 1, (selector, width, box)
