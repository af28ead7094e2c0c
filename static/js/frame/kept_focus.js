// @ts-check
// The focus stays where it was when a run of the page replaces what has it by another one like it.
//
// React makes an element again when something before it came or went; then the focus is on nothing, and the arrow keys
// do nothing any more. Where a dialog closes, the focus goes back to what opened it, or to what stands there now.

const KEYED = '[class*=st-key-]';
const FOCUSABLE = 'a[href], button, input, select, textarea, summary, [tabindex]';
const PATIENCE_MS = 5000; // a run of the page takes this long at most

/**
 * @typedef {object} Mark where an element was, and what it looked like
 * @property {HTMLElement} element
 * @property {string} key of the container
 * @property {string} kind
 * @property {string} name
 * @property {number} at among those of its kind in the container
 */

/** @param {Element} element */
const kindOf = (element) => `${element.tagName} ${element.getAttribute('role')} ${element.getAttribute('type')}`;

/** @param {Element} element */
const nameOf = (element) => element.getAttribute('aria-label') || element.textContent?.trim() || '';

/** @param {Element} container @param {string} kind */
const alike = (container, kind) =>
  [...container.querySelectorAll(FOCUSABLE)].filter((element) => kindOf(element) === kind);

/** @param {EventTarget | null} target @returns {Mark | null} */
function markOf(target) {
  const container = target instanceof HTMLElement ? target.closest(KEYED) : null;
  if (!(target instanceof HTMLElement) || !container) return null;
  const key = [...container.classList].find((name) => name.startsWith('st-key-')) ?? '';
  const kind = kindOf(target);
  return { element: target, key, kind, name: nameOf(target), at: alike(container, kind).indexOf(target) };
}

/**
 * What stands where the marked element was; in a container without one like it, what comes first.
 *
 * @param {Mark} mark
 */
function successor({ key, kind, name, at }) {
  const container = document.querySelector(`.${CSS.escape(key)}`);
  if (!container) return null;
  const all = alike(container, kind);
  const element = all.find((each) => nameOf(each) === name) ?? all[at] ?? container.querySelector(FOCUSABLE);
  return element instanceof HTMLElement ? element : null;
}

/** @param {EventTarget | null} target */
const isInDialog = (target) => target instanceof Element && target.closest('[role=dialog]') !== null;

/** What opened the dialog that has closed, or stands in its place. @param {Mark | null} opener */
function openerOf(opener) {
  if (!opener || document.querySelector('[role=dialog]')) return null;
  return opener.element.isConnected ? opener.element : successor(opener);
}

export function keepFocus() {
  /** @type {Mark | null} */
  let mark = null;
  /** @type {Mark | null} what had the focus outside of dialogs last */
  let opener = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let patience;
  const giveUp = () => {
    observer.disconnect();
    clearTimeout(patience);
  };
  const bringBack = () => {
    const isElsewhere = document.activeElement && document.activeElement !== document.body;
    if (mark?.element.isConnected || isElsewhere) return giveUp();
    const element = (mark && successor(mark)) ?? openerOf(opener);
    if (element) element.focus({ preventScroll: true });
    if (document.activeElement === element) giveUp();
  };
  const observer = new MutationObserver(bringBack);
  document.addEventListener('focusin', ({ target }) => {
    giveUp();
    mark = markOf(target);
    if (!isInDialog(target)) opener = mark;
  });
  document.addEventListener('focusout', ({ target, relatedTarget }) => {
    if (relatedTarget || !(mark || (opener && isInDialog(target)))) return;
    observer.observe(document.body, { subtree: true, childList: true });
    patience = setTimeout(giveUp, PATIENCE_MS);
    queueMicrotask(bringBack); // the element may have left the page at once
  });
  document.addEventListener('pointerdown', ({ target }) => {
    mark = null; // where one points is where one is
    if (!isInDialog(target)) opener = null;
    giveUp();
  });
}
