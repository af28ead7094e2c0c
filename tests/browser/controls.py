"""The controls of an instrument: what they show, and a slider that is dragged."""

from __future__ import annotations

from playwright.sync_api import Page

VALUES = """(root) => Object.fromEntries([...root.querySelectorAll('[data-setting]')].map((input) => [
  input.dataset.setting,
  input.type === 'checkbox' ? input.checked
    : ['range', 'number'].includes(input.type) ? Number(input.value) : input.value,
]))"""


def drag(page: Page, name: str, share: float) -> None:
    """Drag the handle of a slider to a share of its way, in steps as a hand does."""
    slider = page.locator(f".control input[data-setting={name}]")
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    assert box is not None
    least, most, value = (float(slider.evaluate(f"(input) => input.{each}")) for each in ("min", "max", "value"))
    room = box["width"] - 16
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + 8 + room * (value - least) / (most - least), y)
    page.mouse.down()
    page.mouse.move(box["x"] + 8 + room * share, y, steps=6)
    page.mouse.up()
