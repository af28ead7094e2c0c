// @ts-check
// Projector mode: large type and no menu; Page Down and Page Up, the keys of a clicker, lead to the next lesson and
// back.
//
// What steps by itself with these keys, LeNet and the guide of a journey, handles them before and says so.

import { el } from '../lib/dom.js';

/** @type {HTMLElement | null} */
let button = null;

/**
 * @param {boolean} on
 * @param {string} label of the button that ends it
 * @param {() => void} leave
 */
export function project(on, label, leave) {
  document.documentElement.dataset.projector = String(on);
  if (on && !button) {
    button = el('button', { type: 'button', class: 'stepwise-leave-projector' }, '×');
    document.body.append(button);
  }
  if (!on && button) {
    const hadFocus = button.matches(':focus');
    button.remove();
    button = null;
    /** @type {HTMLElement | null} */
    const opener = document.querySelector('.st-key-projector input');
    if (hadFocus) opener?.focus();
  }
  if (!button) return;
  button.title = label;
  button.setAttribute('aria-label', label);
  button.onclick = leave;
}

/**
 * The path of the lesson after the one at `path`, or before it; null at either end.
 *
 * @param {string[]} paths in the order in which the lessons teach
 * @param {string} path
 * @param {string} key
 */
export function pathAfter(paths, path, key) {
  const at = paths.indexOf(path);
  return at < 0 ? null : (paths[at + (key === 'PageDown' ? 1 : -1)] ?? null);
}

/** @param {string[]} paths */
export function stepWithClicker(paths) {
  addEventListener('keydown', (event) => {
    if (document.documentElement.dataset.projector !== 'true' || event.defaultPrevented) return;
    if (event.key !== 'PageDown' && event.key !== 'PageUp') return;
    const path = pathAfter(paths, location.pathname, event.key);
    if (path === null) return;
    event.preventDefault();
    /** @type {NodeListOf<HTMLAnchorElement>} */
    const links = document.querySelectorAll('a[data-testid=stSidebarNavLink]');
    [...links].find((link) => link.pathname === path)?.click();
  });
}
