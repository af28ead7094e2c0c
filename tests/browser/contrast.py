"""How well the text of a page can be read: the contrast of WCAG 2 between letters and what lies behind them."""

from __future__ import annotations

from playwright.sync_api import Page

ENOUGH, ENOUGH_LARGE = 4.5, 3.0  # WCAG 2, level AA; large is 24 pixels
# A colour with opacity lies on what its ancestors paint, through shadow roots, down to the page. A slider's number
# stands beside the thumb that is its ancestor: it is left out.
FUNCTIONS = """
  const brush = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
  const read = (color) => {
    brush.clearRect(0, 0, 1, 1);
    brush.fillStyle = color;
    brush.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = brush.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  };
  const over = (top, under) => under.map((below, i) => top[i] * top[3] + below * (1 - top[3]));
  const above = (node) => node.parentElement ?? node.getRootNode().host;
  const linear = (c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4);
  const light = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b) + 0.05;
  const contrast = (node) => {
    const style = getComputedStyle(node), grounds = [];
    const ink = read(node.closest('svg') ? style.fill : style.color);
    for (let each = node; each; each = above(each)) {
      ink[3] *= getComputedStyle(each).opacity;
      grounds.push(read(getComputedStyle(each).backgroundColor));
    }
    const paper = grounds.reduceRight((under, top) => over(top, under), [255, 255, 255]);
    const [text, ground] = [light(over(ink, paper)), light(paper)];
    return Math.max(text / ground, ground / text);
  };
"""
LEAST = f"(nodes) => {{ {FUNCTIONS} return Math.min(...nodes.filter((node) => node.textContent).map(contrast)); }}"
TEXTS = f"""() => {{ {FUNCTIONS}
  const found = [];
  const walk = (root) => {{
    for (const node of root.querySelectorAll('*')) {{
      if (node.shadowRoot) walk(node.shadowRoot);
      const text = [...node.childNodes].map((child) => (child.nodeType === 3 ? child.data.trim() : '')).join('');
      const {{ width, height }} = node.getBoundingClientRect();
      const off = node.closest('[disabled], [aria-disabled=true], [data-testid=stSlider], style, script');
      if (!text || off || width < 2 || height < 2 || !node.checkVisibility()) continue;
      found.push([text, contrast(node), parseFloat(getComputedStyle(node).fontSize)]);
    }}
  }};
  walk(document);
  return found;
}}"""


def least_contrast(page: Page, cells: str) -> float:
    """Return the smallest contrast of text and paper among ``cells``, a selector; infinity without any."""
    least: float = page.locator(cells).evaluate_all(LEAST)
    return least


def texts(page: Page) -> list[tuple[str, float, float]]:
    """Return each text that can be seen on the page and used, its contrast, and its size in pixels."""
    colors: list[tuple[str, float, float]] = page.evaluate(TEXTS)
    return colors


def faint(texts: list[tuple[str, float, float]]) -> list[tuple[str, float, float]]:
    """Return those of the ``texts`` of a page that have too little contrast for their size."""
    return [each for each in texts if each[1] < (ENOUGH_LARGE if each[2] >= 24 else ENOUGH)]
