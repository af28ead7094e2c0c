"""What a screen reader says of a page: the browser's accessibility tree, and what is wrong with it."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Page

Node = dict[str, Any]

# What is never without a name: what is operated, what is a picture, and what holds a group together.
NAMED = {
    *("application", "button", "checkbox", "combobox", "grid", "link", "listbox", "menuitem", "option", "radio"),
    *("searchbox", "slider", "spinbutton", "switch", "tab", "textbox", "treegrid"),
    *("Canvas", "DisclosureTriangle", "dialog", "Iframe", "image", "progressbar", "radiogroup", "toolbar"),
}
# Whose name is a sentence; an option may be a line of a program.
SPOKEN = (NAMED - {"option"}) | {"heading", "group", "region", "navigation", "status", "math", "MathMLMath"}
MARKUP = re.compile(r"\*\*|``|`\w|:material/|\\[A-Za-z]{2,}|\{\w+\}|undefined|\bNaN, NaN\b|\[object ")
SENTENCE = re.compile(r"[A-Za-z]{2,} [a-z]{2,} [a-z]{2,}")
HAN = re.compile(r"[\u4e00-\u9fff]")
BOTH = ("Language / 语言", "简体中文", "English")  # who picks a language reads its own name

STREAMLITS_OWN = "[data-testid=stDataFrame] canvas"  # the name is of the region around it

# Keeps what live regions say, in the page and in the drawings' shadow trees; empty text is not said.
LISTEN = """() => {
  const watched = new WeakSet();
  const isOff = (element) => element.ariaLive === 'off' || element.getAttribute('aria-live') === 'off';
  const speaks = 'output, [role=status], [role=alert], [role=log], [aria-live=polite], [aria-live=assertive]';
  const regionOf = (node) => {
    for (let at = node; at; at = at.parentNode ?? at.host) {
      if (at instanceof Element && isOff(at)) return null;
      if (at instanceof Element && at.matches(speaks)) return at;
    }
    return null;
  };
  const deep = (node) => {
    if (node.shadowRoot) watch(node.shadowRoot);
    node.querySelectorAll?.('*').forEach((each) => each.shadowRoot && watch(each.shadowRoot));
  };
  const watch = (root) => {
    if (watched.has(root)) return;
    watched.add(root);
    new MutationObserver((changes) => {
      for (const { target, addedNodes } of changes) {
        addedNodes.forEach(deep);
        const text = regionOf(target)?.textContent.trim();
        if (text && window.saidTest.at(-1) !== text) window.saidTest.push(text);
      }
    }).observe(root, { subtree: true, childList: true, characterData: true });
    deep(root);
  };
  window.saidTest = [];
  watch(document);
}"""


def listen(page: Page) -> None:
    """Keep from here on what a screen reader says by itself."""
    page.evaluate(LISTEN)


def announcements(page: Page) -> list[str]:
    """Return what it has said since ``listen``."""
    texts: list[str] = page.evaluate("window.saidTest")
    return texts


def tree(page: Page) -> list[Node]:
    """Return the nodes of the page's accessibility tree in the order in which they are read."""
    session = page.context.new_cdp_session(page)
    nodes: list[Node] = session.send("Accessibility.getFullAXTree")["nodes"]
    session.detach()
    by_id = {node["nodeId"]: node for node in nodes}
    in_order: list[Node] = []
    waiting = [nodes[0]]
    while waiting:
        node = waiting.pop()
        in_order.append(node)
        waiting += [by_id[child] for child in reversed(node.get("childIds", [])) if child in by_id]
    return [node for node in in_order if not node["ignored"]]


def role_of(node: Node) -> str:
    return str(node["role"]["value"])


def name_of(node: Node) -> str:
    return str(node.get("name", {}).get("value", "")).strip()


def property_of(node: Node, name: str) -> Any:
    return next((each["value"]["value"] for each in node.get("properties", []) if each["name"] == name), None)


def problems(page: Page, language: str) -> list[str]:
    """Return what has no name, a name with markup or in the other language, and what is wrong with the headings."""
    page.locator(STREAMLITS_OWN).evaluate_all(
        "(all) => all.forEach((each) => each.setAttribute('aria-hidden', true))"
    )
    nodes = tree(page)
    wrong = [f"no name: {role_of(node)}" for node in nodes if role_of(node) in NAMED and not name_of(node)]
    for node in nodes:
        if role_of(node) not in SPOKEN:
            continue
        for text in (name_of(node), str(node.get("description", {}).get("value", ""))):
            wrong += [f"{fault}: {role_of(node)} {text[:80]}" for fault in _faults(text, language)]
    return [*wrong, *_outline(nodes)]


def _faults(text: str, language: str) -> list[str]:
    if text in BOTH:
        return []
    is_chinese = bool(HAN.search(text))
    is_foreign = is_chinese if language == "en" else bool(SENTENCE.search(text)) and not is_chinese
    return ["markup"] * bool(MARKUP.search(text)) + ["language"] * is_foreign


def _outline(nodes: list[Node]) -> list[str]:
    levels = [(property_of(node, "level"), name_of(node)) for node in nodes if role_of(node) == "heading"]
    wrong = [] if [level for level, _name in levels].count(1) == 1 else ["not one heading of level 1"]
    wrong += [f"empty heading of level {level}" for level, name in levels if not name]
    wrong += [] if len(levels) > 1 else ["no part of the page has a heading"]
    before = 0
    for level, name in levels:
        if level > before + 1:
            wrong.append(f"heading of level {level} below level {before}: {name}")
        before = level
    return wrong
