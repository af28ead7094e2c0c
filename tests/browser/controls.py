"""The controls of an instrument: what they show, a slider that is dragged, and a hand that operates all of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from playwright.sync_api import Locator, Page

from tests.browser import reader

VALUES = """(root) => Object.fromEntries([...root.querySelectorAll('[data-setting]')].map((input) => [
  input.dataset.setting,
  input.type === 'checkbox' ? input.checked
    : ['range', 'number'].includes(input.type) ? Number(input.value) : input.value,
]))"""
VISIBLE = """(root) => [...root.querySelectorAll('[data-setting]')].filter((each) => each.checkVisibility())
  .map((each) => each.dataset.setting)"""
VALUE = "(input) => input.type === 'checkbox' ? input.checked : input.value"
PART = 0.2  # of a slider's way that it is dragged
KIND = "(input) => input.tagName === 'SELECT' ? 'select' : input.type"


def drag(page: Page, name: str, share: float) -> None:
    """Drag the handle of a slider to a share of its way, in steps as a hand does."""
    drag_slider(page, page.locator(f".control input[data-setting={name}]"), share)


def drag_slider(page: Page, slider: Locator, share: float) -> None:
    """Drag the handle of ``slider`` to a share of its way."""
    box = reader.place(slider)
    room = box["width"] - 16
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + 8 + room * share_of(slider), y)
    page.mouse.down()
    page.mouse.move(box["x"] + 8 + room * share, y, steps=6)
    page.mouse.up()


def share_of(slider: Locator) -> float:
    """Where the handle of ``slider`` stands, 0 to 1."""
    least, most, value = (float(slider.evaluate(f"(input) => input.{each}")) for each in ("min", "max", "value"))
    return (value - least) / (most - least)


def operate_all(
    root: Locator, agrees: Callable[[], bool], texts: Mapping[str, str] = {}, but: Sequence[str] = ()
) -> list[str]:
    """Operate each control in ``root`` as its kind is operated; return their names in that order.

    After each change ``agrees`` compares what is shown with PyTorch, or with the sentence where that refuses, and
    says whether it was possible; what was not is put back. Sliders are dragged, each option of a choice is taken,
    and ``texts`` are typed into fields of text. What a change brings into view is operated too; ``but`` names
    settings, and options as "setting=option", that are left alone.
    """
    names_so_far: list[str] = []

    def operate(name: str) -> None:
        names_so_far.append(name)
        control, scale = (root.locator(f"[data-{which}='{name}']") for which in ("setting", "scale"))
        if control.evaluate(KIND) != "select":
            in_view = root.evaluate(VISIBLE)
            _operate(control, scale, agrees, texts.get(name, ""))
            if not {*in_view} <= {*root.evaluate(VISIBLE)}:  # it hides others: they come first
                control.press("Space")
            return
        before = control.input_value()
        for option in control.evaluate("(input) => [...input.options].map((each) => each.value)"):
            if option == before or f"{name}={option}" in but:
                continue
            in_view = root.evaluate(VISIBLE)
            control.select_option(option)
            if not agrees():
                control.select_option(before)
            for new in root.evaluate(VISIBLE):
                if new not in (*in_view, *names_so_far, *but):
                    operate(new)
        control.select_option(before)  # with what it brings into view
        agrees()

    while names := [name for name in root.evaluate(VISIBLE) if name not in (*names_so_far, *but)]:
        operate(names[0])
    return names_so_far


def _operate(control: Locator, scale: Locator, agrees: Callable[[], bool], text: str) -> None:
    before, kind = control.evaluate(VALUE), control.evaluate(KIND)
    slider = scale if scale.count() else control if kind == "range" else None
    at = share_of(slider) if slider else 0.0
    if slider:
        part = max(PART, slider.evaluate("({ step, min, max }) => Number(step) / (Number(max) - Number(min))"))
        drag_slider(control.page, slider, at + part if at + part <= 1 else at - part)
    elif kind == "checkbox":
        control.press("Space")
    elif kind == "number":
        control.press("ArrowUp")
    else:
        control.fill(text)
    assert control.evaluate(VALUE) != before, control
    if agrees():
        return
    if slider:
        drag_slider(control.page, slider, at)
    elif kind == "checkbox":
        control.press("Space")
    else:
        control.fill(before)
