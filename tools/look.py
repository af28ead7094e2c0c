"""Take pictures of a page as people see it: ``python -m tools.look train`` -> eight PNG files.

Widths 1280 and 390, light and dark, English and Chinese, whole pages, in ``tests/browser/screenshots``.
"""

from __future__ import annotations

import argparse
import itertools
from pathlib import Path

from playwright.sync_api import Page

from tests.browser import chromium

FOLDER = Path(__file__).resolve().parent.parent / "tests" / "browser" / "screenshots"


def whole(page: Page, file: Path) -> None:
    """Save the page from top to bottom: Streamlit scrolls inside, so the window grows to fit."""
    main = "document.querySelector('[data-testid=stMain]')"
    width = page.viewport_size["width"] if page.viewport_size else 1280
    height = page.evaluate(f"{main} ? {main}.scrollHeight : document.body.scrollHeight")
    page.set_viewport_size({"width": width, "height": min(max(int(height), 700), 8000)})
    page.wait_for_timeout(600)
    page.screenshot(path=file)


def main() -> None:
    """Start a server (or use ``--address``) and take the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("path", help="the page's address, such as training or conv?kernel=3")
    parser.add_argument("--address", help="a running server, such as http://127.0.0.1:8501")
    parser.add_argument("--wait", type=float, default=1.5, help="seconds to wait before the picture")
    parser.add_argument("--only", default="", help="for example 1280-light-en")
    options = parser.parse_args()
    if options.address:
        take(options.address, options)
    else:
        with chromium.server() as address:
            take(address, options)


def take(address: str, options: argparse.Namespace) -> None:
    """Take the eight pictures from the server at ``address``."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    stem = options.path.split("?")[0] or "home"
    with chromium.chromium() as browser:
        for width, theme, language in itertools.product((1280, 390), ("light", "dark"), ("en", "zh")):
            name = f"{width}-{theme}-{language}"
            if options.only and options.only != name:
                continue
            page = chromium.open_page(browser, f"{address}/{options.path}", width, 900, theme, language)
            page.wait_for_timeout(options.wait * 1000)
            whole(page, FOLDER / f"{stem}-{name}.png")
            print(FOLDER / f"{stem}-{name}.png")
            page.context.close()


if __name__ == "__main__":
    main()
