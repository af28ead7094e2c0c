"""What is wrong with a page's layout: text that is cut off, broken, on other text or in the other language."""

from __future__ import annotations

from playwright.sync_api import Page

# Code, formulas and names that users type are the same in both languages, and code scrolls within its box.
PROBLEMS = r"""(language) => {
  const main = document.querySelector('[data-testid=stMain]');
  const problems = main.scrollWidth > main.clientWidth + 1 ? [`the page is ${main.scrollWidth} wide`] : [];
  const all = [];
  const collect = (root) => {
    for (const each of root.querySelectorAll('*')) {
      all.push(each);
      if (each.shadowRoot) collect(each.shadowRoot);
    }
  };
  collect(main);
  const parentOf = (each) => each.parentElement ?? each.getRootNode().host;
  const within = (each, selector) => {
    for (let at = each; at && at !== main; at = parentOf(at)) if (at.matches?.(selector)) return true;
    return false;
  };
  const scrolls = (each) => {
    for (let at = each; at && at !== main; at = parentOf(at)) {
      if (['auto', 'scroll'].includes(getComputedStyle(at).overflowX)) return at.getAttribute('role') !== 'tablist';
    }
    return false;
  };
  const rows = [];
  for (const each of all) {
    const style = getComputedStyle(each);
    const own = [...each.childNodes].filter(({ nodeType, data }) => nodeType === 3 && data.trim());
    if (!own.length || !each.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
    if (within(each, 'pre, code, math, svg, select, style, [data-testid=stIconMaterial]')) continue;
    if (/mono|code/i.test(style.fontFamily)) continue;
    const text = own.map(({ data }) => data.trim()).join(' ').slice(0, 60);
    const box = each.getBoundingClientRect();
    if (box.width < 3 || box.height < 3) continue; // for screen readers
    const hides = (value) => ['hidden', 'clip'].includes(value);
    if (hides(style.overflowX) && each.scrollWidth > each.clientWidth + 1) problems.push(`cut: ${text}`);
    else if (box.right > innerWidth + 1 && !scrolls(each)) problems.push(`beyond the window: ${text}`);
    const hanzi = /\p{Script=Han}/u.test(text);
    const english = !hanzi && /[A-Za-z]{2,} [A-Za-z]{2,} [A-Za-z]{2,}/.test(text);
    if (language === 'en' ? hanzi : english) problems.push(`language: ${text}`);
    for (const node of own) {
      const range = document.createRange();
      range.selectNodeContents(node);
      for (const rect of range.getClientRects()) rows.push({ each, text, rect });
      for (const { 0: word, index } of node.data.matchAll(/[A-Za-z0-9_]{2,}/g)) {
        range.setStart(node, index);
        range.setEnd(node, index + word.length);
        const tops = [...range.getClientRects()].map(({ top }) => Math.round(top));
        if (Math.max(...tops) > Math.min(...tops) + 2) problems.push(`broken: ${word}`);
      }
    }
  }
  for (const [at, one] of rows.entries()) {
    for (const other of rows.slice(at + 1)) {
      if (one.each === other.each || one.each.contains(other.each) || other.each.contains(one.each)) continue;
      const across = Math.min(one.rect.right, other.rect.right) - Math.max(one.rect.left, other.rect.left);
      const down = Math.min(one.rect.bottom, other.rect.bottom) - Math.max(one.rect.top, other.rect.top);
      const little = 0.4 * Math.min(one.rect.height, other.rect.height);
      if (across > 4 && down > little) problems.push(`over: ${one.text} | ${other.text}`);
    }
  }
  return [...new Set(problems)];
}"""


def problems(page: Page, language: str) -> list[str]:
    """Return what is cut off, beyond the window, over other text or in the other language, on the page as it is."""
    problems_of_page: list[str] = page.evaluate(PROBLEMS, language)
    return problems_of_page
