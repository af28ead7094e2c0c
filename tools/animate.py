"""Record the animation at the top of the README from the running app: ``python -m tools.animate``.

A digit is drawn on the first page and read while it is drawn; then a new network trains until it reads it too. One
file a language, in ``docs``. The pictures are the app's own; only their pace is the film's, so that a slow machine
gives the same film.
"""

from __future__ import annotations

import io
import math
from collections.abc import Iterator
from pathlib import Path

from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests.browser import chromium, reader

FOLDER = Path(__file__).resolve().parent.parent / "docs"
FILES = {"en": FOLDER / "first_page.webp", "zh": FOLDER / "first_page-zh.webp"}
SIZE = (1280, 800)
SCALE = 0.7  # of the file's pictures
BETWEEN = 80  # ms from one picture to the next while something moves
LOOK = 1200  # ms on a result
TRAINING = 60  # pictures of the training at most
TWO = [
    (0.3 + 0.2 * (1 - math.cos(angle)), 0.35 - 0.15 * math.sin(angle)) for angle in (0.0, 0.6, 1.2, 1.8, 2.4, 3.1)
]
TWO += [(0.66, 0.47), (0.55, 0.6), (0.42, 0.72), (0.31, 0.81), (0.45, 0.81), (0.58, 0.81), (0.72, 0.81)]
Shot = tuple[Image.Image, int]


def main() -> None:
    """Record the film in both languages."""
    expect.set_options(timeout=60_000)  # a slow machine gives the same film
    with chromium.server() as address, chromium.chromium() as browser:
        for language, file in FILES.items():
            page = chromium.open_page(browser, address, *SIZE, "light", language)
            write(file, list(film(page)))
            print(f"{file.relative_to(FOLDER.parent)}: {file.stat().st_size / 1000:.0f} kB")
            page.context.close()


def film(page: Page) -> Iterator[Shot]:
    """Yield each picture with its milliseconds."""
    screen = page.locator(".first")
    expect(screen).to_have_attribute("data-rests", "true")
    page.locator(".pad canvas").focus()
    page.mouse.move(0, 0)
    yield picture(page), LOOK
    yield from drawing(page)
    expect(screen).to_have_attribute("data-digit", "2")
    yield picture(page), 2 * LOOK
    yield from training(page, screen)


def drawing(page: Page) -> Iterator[Shot]:
    """Clear the pad and draw a 2."""
    page.locator(".first .buttons button").nth(1).click()
    box = reader.place(page.locator(".pad canvas"))
    spots = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in TWO]
    page.mouse.move(*spots[0])
    page.mouse.down()
    for spot in spots[1:]:
        page.mouse.move(*spot, steps=4)
        reader.frames(page, 8)
        yield picture(page), 2 * BETWEEN
    page.mouse.up()


def training(page: Page, screen: Locator) -> Iterator[Shot]:
    """Train a new network until it reads the digit, and a little longer."""
    screen.locator(".learn button.main").click()
    expect(screen.locator(".learn")).to_have_attribute("data-learns", "true")
    expect(screen.locator(".curve")).to_be_visible()
    right = 0
    for _ in range(TRAINING):
        yield picture(page), BETWEEN
        right += screen.get_attribute("data-digit") == "2"
        if right > TRAINING // 3:
            break
    screen.locator(".learn button.main").click()
    expect(screen.locator(".learn")).to_have_attribute("data-learns", "false")
    yield picture(page), 3 * LOOK


def picture(page: Page) -> Image.Image:
    """Return what the window shows."""
    shot = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    return shot.resize((round(shot.width * SCALE), round(shot.height * SCALE)), Image.Resampling.LANCZOS)


def write(file: Path, shots: list[Shot]) -> None:
    """Write the film as animated WebP, which plays again and again."""
    pictures, pauses = zip(*shots, strict=True)
    file.parent.mkdir(exist_ok=True)
    pictures[0].save(
        file, save_all=True, append_images=pictures[1:], duration=list(pauses), loop=0, quality=60, method=6
    )


if __name__ == "__main__":
    main()
