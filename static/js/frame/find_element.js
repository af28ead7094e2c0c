// @ts-check
// Finds an element wherever it is on the page: drawings have documents of their own.

/**
 * @param {string} selector
 * @param {Document | ShadowRoot} root
 * @returns {Element | null}
 */
export function findElement(selector, root = document) {
  const found = root.querySelector(selector);
  if (found) return found;
  for (const host of root.querySelectorAll('*')) {
    const inside = host.shadowRoot && findElement(selector, host.shadowRoot);
    if (inside) return inside;
  }
  return null;
}

/**
 * Whether an address holds "key=value"; "key=*" is any value.
 *
 * @param {string} wanted
 * @param {string} search the part of the address from "?" on
 */
export function addressHas(wanted, search) {
  const [key, value] = wanted.split('=');
  const has = new URLSearchParams(search).get(key);
  return value === '*' ? has !== null : has === value;
}
