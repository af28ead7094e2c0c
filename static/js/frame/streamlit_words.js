// @ts-check
// What Streamlit writes in English alone, in the reader's language: its menu, and names that a screen reader speaks.
//
// Streamlit writes a word again only when it becomes another one, so what is put in its place stays. The English is
// kept for a reader who chooses English again.

import { fill } from '../lib/dom.js';

const ATTRIBUTES = ['aria-label', 'placeholder'];
const WITH_NAME = ATTRIBUTES.map((name) => `[${name}]`).join();
const WITH_TEXT =
  '[data-testid=stMainMenuPopover], [data-testid=stFileUploader], [data-testid=stSkipToContent], [role=listbox]';

/**
 * @param {Record<string, string>} words Streamlit's in English, with {name} for what varies, and the reader's
 * @returns {(text: string) => string} which gives what is not among them back as it is
 */
export function translation(words) {
  const patterns = Object.entries(words)
    .filter(([english]) => english.includes('{'))
    .map(([english, own]) => ({ pattern: new RegExp(`^${english.replace(/\{(\w+)\}/g, '(?<$1>.+)')}$`), own }));
  return (text) => {
    const plain = words[text.trim()];
    if (plain !== undefined) return plain;
    for (const { pattern, own } of patterns) {
      const values = pattern.exec(text)?.groups;
      if (values) return fill(own, values);
    }
    return text;
  };
}

export function translateStreamlit() {
  /** @type {WeakMap<Node, { english: string, own: string }>} attributes and texts that are translated */
  const entries = new WeakMap();
  let translate = translation({});
  let watches = false;

  const put = (/** @type {Node | null} */ node) => {
    if (!node?.nodeValue) return;
    const before = entries.get(node);
    const english = before?.own === node.nodeValue ? before.english : node.nodeValue;
    const own = translate(english);
    if (own !== node.nodeValue) node.nodeValue = own;
    if (own !== english) entries.set(node, { english, own });
  };
  const putNames = (/** @type {Element} */ element) => {
    for (const name of ATTRIBUTES) put(element.getAttributeNode(name));
  };
  const putTexts = (/** @type {Element} */ element) => {
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) put(walker.currentNode);
  };
  const look = (/** @type {HTMLElement} */ element) => {
    putNames(element);
    element.querySelectorAll(WITH_NAME).forEach(putNames);
    if (element.closest(WITH_TEXT)) putTexts(element);
    else element.querySelectorAll(WITH_TEXT).forEach(putTexts);
  };
  const watch = () =>
    new MutationObserver((changes) => {
      for (const { type, target, addedNodes } of changes) {
        if (type === 'attributes') putNames(/** @type {Element} */ (target));
        for (const node of addedNodes) if (node instanceof HTMLElement) look(node);
      }
    }).observe(document.body, { subtree: true, childList: true, attributeFilter: ATTRIBUTES });

  return (/** @type {Record<string, string>} */ words) => {
    translate = translation(words);
    if (!watches && !Object.keys(words).length) return; // a page in English has nothing to watch for
    look(document.body);
    if (!watches) watch();
    watches = true;
  };
}
