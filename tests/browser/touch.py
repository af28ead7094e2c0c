"""What a finger finds on a page: targets that are large enough, and pictures over which two fingers still zoom."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.browser import keyboard

# A target of 24 pixels (WCAG 2.2, 2.5.8); a link in a sentence is as high as its line.
SMALL = """() => {
  const { controls, describe } = window.keyboardWalk;
  const half = 11.5;
  const drawn = (each) => each.closest('[data-testid=stSlider]')
    ?? (each.matches('[type=radio], [type=checkbox], [role=switch]') ? each.closest('label') : null) ?? each;
  const inText = (each) => each.tagName === 'A' && getComputedStyle(each).display === 'inline';
  const below = (x, y) => {
    let at = document.elementFromPoint(x, y);
    while (at?.shadowRoot?.elementFromPoint(x, y)) at = at.shadowRoot.elementFromPoint(x, y);
    return at;
  };
  const isSmall = (each) => {
    const { width, height } = each.getBoundingClientRect();
    if (Math.min(width, height) >= 2 * half) return false;
    each.scrollIntoView({ block: 'center', inline: 'center' });
    const { x, y } = each.getBoundingClientRect();
    const [middle, across] = [x + width / 2, y + height / 2];
    const around = [[-half, 0], [half, 0], [0, -half], [0, half]];
    return !around.every(([dx, dy]) => each.contains(below(middle + dx, across + dy)));
  };
  const acts = (each) => each.matches('a, button, input, select, textarea, summary, [role]') && !inText(each);
  return controls().filter((each) => acts(each) && isSmall(drawn(each))).map((each) => {
    const { width, height } = drawn(each).getBoundingClientRect();
    return `${describe(each)} ${Math.round(width)}x${Math.round(height)}`;
  });
}"""
# What is drawn on takes every finger; all else scrolls, and zooms with two.
NO_ZOOM = """() => {
  const under = (each) => [each, ...(each.shadowRoot ? walk(each.shadowRoot) : [])];
  const walk = (root) => [...root.querySelectorAll('*')].flatMap(under);
  const scrolls = (each) => /pan/.test(getComputedStyle(each).touchAction);
  return walk(document.querySelector('[data-testid=stMain]'))
    .filter((each) => scrolls(each) && !getComputedStyle(each).touchAction.includes('pinch-zoom'))
    .map((each) => `no zoom over ${each.tagName} ${each.className}`);
}"""


def problems(page: Page) -> list[str]:
    """Return the controls that are too small for a finger, and where two fingers do not zoom."""
    page.evaluate(keyboard.SETUP)
    small: list[str] = page.evaluate(SMALL)
    page.get_by_test_id("stMain").evaluate("element => element.scrollTo(0, 0)")
    return [*small, *page.evaluate(NO_ZOOM)]
