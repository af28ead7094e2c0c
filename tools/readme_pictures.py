"""Take the README's pictures from the running app: ``python -m tools.readme_pictures`` -> ``docs/train*.png``.

It starts a server with an empty folder of runs, presses Start, and takes the picture in the third epoch; then
the same page in Chinese.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from playwright.sync_api import Page

from tests.browser import chromium

DOCS = Path(__file__).resolve().parent.parent / "docs"
WIDTH, HEIGHT = 1280, 900


def picture(page: Page, file: Path) -> None:
    """Save what one sees without scrolling."""
    page.mouse.move(0, 0)
    page.wait_for_timeout(1500)
    page.screenshot(path=file)
    print(file.relative_to(DOCS.parent))


def main() -> None:
    """Train for an epoch in a browser and take both pictures."""
    with (
        tempfile.TemporaryDirectory() as runs,
        chromium.server({"STEPWISE_RUNS": runs}) as address,
        chromium.chromium() as browser,
    ):
        page = chromium.open_page(browser, f"{address}/train?lang=en", WIDTH, HEIGHT)
        page.get_by_test_id("stMain").get_by_role("button", name="Start", exact=True).click()
        page.wait_for_url("**run=**")
        epoch = "document.querySelectorAll('[data-testid=run-numbers] dd')[1]?.textContent"
        page.wait_for_function(f"() => {epoch} === '3'", timeout=600_000)
        page.wait_for_timeout(2000)
        picture(page, DOCS / "train.png")
        page.goto(page.url.replace("lang=en", "lang=zh") if "lang=en" in page.url else f"{page.url}&lang=zh")
        chromium.settle(page)
        page.wait_for_timeout(3000)
        picture(page, DOCS / "train-zh.png")
        ended = "document.querySelector('[data-testid=run-numbers] dd')?.textContent === '已完成'"
        page.wait_for_function(f"() => {ended}", timeout=120_000)  # its folder goes with this program


if __name__ == "__main__":
    main()
