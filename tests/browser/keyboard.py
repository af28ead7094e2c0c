"""A walk through a page with the Tab key alone: what it reaches, what it leaves out, and what has no name."""

from __future__ import annotations

from playwright.sync_api import Page

MOST = 400  # presses of Tab; no page has so many controls

# What a pointer can act on, in the page and in the drawings' shadow trees, and what the keyboard is on.
SETUP = r"""() => {
  const CONTROLS = 'a[href], button, input, select, textarea, summary, [tabindex], [role=button], [role=tab], '
    + '[role=slider], [role=checkbox], [role=radio], [role=combobox], [role=switch]';
  const parentOf = (each) => each.parentElement ?? each.getRootNode().host ?? null;
  const within = (each, test) => {
    for (let at = each; at; at = parentOf(at)) if (test(at)) return at;
    return null;
  };
  const nameOf = (each) => {
    const root = each.getRootNode();
    const byId = (each.getAttribute('aria-labelledby') ?? '').split(' ').filter(Boolean)
      .map((id) => root.getElementById(id)?.textContent ?? '').join(' ');
    const labels = [...(each.labels ?? [])].map((label) => label.textContent).join(' ');
    const inside = each.matches('input, select, textarea') ? '' : each.textContent;
    const pictures = [...each.querySelectorAll('img[alt]')].map((image) => image.alt).join(' ');
    return [each.getAttribute('aria-label') ?? '', byId, labels, inside, pictures, each.getAttribute('title') ?? '']
      .map((text) => text.trim()).find(Boolean) ?? '';
  };
  const describe = (each) => {
    const inside = within(each, (at) => [...at.classList].some((name) => name.startsWith('st-key-')));
    const key = inside ? [...inside.classList].find((name) => name.startsWith('st-key-')) : '';
    const own = each.id ? `#${each.id}` : [...each.classList].slice(0, 3).map((name) => `.${name}`).join('');
    return `${key} ${each.tagName.toLowerCase()}${own} "${nameOf(each).slice(0, 50)}"`.trim();
  };
  const active = () => {
    let at = document.activeElement;
    while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
    return at;
  };
  const collect = (root, all = []) => {
    for (const each of root.querySelectorAll('*')) {
      all.push(each);
      if (each.shadowRoot) collect(each.shadowRoot, all);
    }
    return all;
  };
  const visible = (each) => each.checkVisibility({ visibilityProperty: true })
    && each.getBoundingClientRect().width > 1
    && !within(each, (at) => at.inert || at.getAttribute('aria-hidden') === 'true');
  // Of a group in which arrow keys go on, Tab reaches one.
  const GROUPS = ['tablist', 'radiogroup', 'toolbar', 'listbox', 'grid', 'application', 'tree', 'menu'];
  const hasRole = (roles) => (at) => roles.includes(at.getAttribute('role'));
  const groupOf = (each) => each.type === 'radio'
    ? within(each, hasRole(['radiogroup', 'group'])) ?? each.name
    : within(parentOf(each), hasRole(GROUPS));
  const controls = () => collect(document.querySelector('[data-testid=stMain]')).filter((each) =>
    each.matches(CONTROLS) && !(each.disabled || each.getAttribute('aria-disabled') === 'true') && visible(each)
    && each.getAttribute('role') !== 'presentation' && !isPlace(each));
  // Something that only a program brings the focus to, such as a part of the page that was led to.
  const isPlace = (each) => each.tabIndex < 0 && each.matches('div, section, main, h1, h2, h3')
    && !each.hasAttribute('role');
  window.keyboardWalk = { active, controls, describe, nameOf, groupOf, visible, seen: new Set() };
}"""
# Remembers what has the focus; returns what is wrong with it, or null where the walk has come round.
STEP = r"""() => {
  const { active, seen, describe } = window.keyboardWalk;
  const at = active();
  if (!at || at === document.body) return { at: null, wrong: [] };
  if (seen.has(at)) return { at: 'again', wrong: [] };
  seen.add(at);
  const drawn = at.matches('[type=radio], [type=checkbox]') ? at.closest('label') ?? at : at;
  const { width, top, right, bottom, left } = drawn.getBoundingClientRect();
  const isSeen = width > 1 && bottom > 0 && top < innerHeight && right > 0 && left < innerWidth;
  return { at: describe(at), wrong: isSeen ? [] : [`not on the screen: ${describe(at)}`] };
}"""
LEFT_OUT = r"""() => {
  const { controls, seen, groupOf, describe, nameOf } = window.keyboardWalk;
  const groups = new Set([...seen].map(groupOf).filter(Boolean));
  // Keys of what Tab reaches do the same: of a table, of the arrows of a number field, of a list.
  const beside = (each) => each.tabIndex < 0 && [...seen].some((at) => at.getRootNode() === each.getRootNode()
    && (at.closest('[data-testid=stNumberInput], [data-testid=stSelectbox], [data-testid=stMultiSelect],'
        + ' [data-testid=stFileUploader], .grid-row')
      ?.contains(each)));
  const leads = (each) => groups.has(groupOf(each)) || seen.has(groupOf(each)) || beside(each);
  const left = controls().filter((each) => !seen.has(each) && !leads(each));
  // What is drawn meanwhile has its words by now.
  const nameless = [...seen].filter((each) => each.isConnected && !nameOf(each));
  return [
    ...nameless.map((each) => `no name: ${describe(each)}`),
    ...left.map((each) => `Tab does not reach: ${describe(each)}`),
  ];
}"""


def walk(page: Page) -> tuple[list[str], list[str]]:
    """Press Tab until it comes round; return what had the focus, and what is wrong."""
    page.evaluate(SETUP)
    page.evaluate("document.activeElement?.blur()")
    reached: list[str] = []
    problems: list[str] = []
    outside = 0
    for _press in range(MOST):
        page.keyboard.press("Tab")
        step = page.evaluate(STEP)
        if step["at"] == "again":
            break
        if step["at"] is None:
            outside += 1
            if outside > 1:
                break
            continue
        reached.append(step["at"])
        problems += step["wrong"]
    else:
        problems.append("the walk does not come round")
    return reached, problems + page.evaluate(LEFT_OUT)
