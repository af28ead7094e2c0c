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

/** Returns what is called with the words of each run of the page. */
export function translateStreamlit() {
  const page = new TranslatedPage();
  return (/** @type {Record<string, string>} */ words) => page.update(words);
}

class TranslatedPage {
  translate = translation({});
  /** @type {WeakMap<Node, { english: string, own: string }>} attributes and texts that are translated */
  entries = new WeakMap();
  watches = false;

  /** @param {Record<string, string>} words */
  update(words) {
    this.translate = translation(words);
    if (!this.watches && !Object.keys(words).length) return; // a page in English has nothing to watch for
    this.look(document.body);
    if (!this.watches) this.watch();
    this.watches = true;
  }

  /** Translates what is in an element now. @param {HTMLElement} element */
  look(element) {
    this.putNames(element);
    for (const each of element.querySelectorAll(WITH_NAME)) this.putNames(each);
    if (element.closest(WITH_TEXT)) this.putTexts(element);
    else for (const each of element.querySelectorAll(WITH_TEXT)) this.putTexts(each);
  }

  /** Translates what Streamlit writes from now on. */
  watch() {
    const observer = new MutationObserver((changes) => {
      for (const { type, target, addedNodes } of changes) {
        if (type === 'attributes') this.putNames(/** @type {Element} */ (target));
        for (const node of addedNodes) if (node instanceof HTMLElement) this.look(node);
      }
    });
    observer.observe(document.body, { subtree: true, childList: true, attributeFilter: ATTRIBUTES });
  }

  /** @param {Element} element */
  putNames(element) {
    for (const name of ATTRIBUTES) this.put(element.getAttributeNode(name));
  }

  /** @param {Element} element */
  putTexts(element) {
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) this.put(walker.currentNode);
  }

  /** @param {Node | null} node an attribute or a text */
  put(node) {
    if (!node?.nodeValue) return;
    const before = this.entries.get(node);
    const english = before?.own === node.nodeValue ? before.english : node.nodeValue;
    const own = this.translate(english);
    if (own !== node.nodeValue) node.nodeValue = own;
    if (own !== english) this.entries.set(node, { english, own });
  }
}
