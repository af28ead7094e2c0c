// @ts-check
// Finds an element wherever it is on the page: drawings have documents of their own.

/**
 * @param {string} selector
 * @param {Document | ShadowRoot} root
 * @returns {Element | null}
 */
export function findElement(selector, root = document) {
  const element = root.querySelector(selector);
  if (element) return element;
  for (const host of root.querySelectorAll('*')) {
    const inside = host.shadowRoot && findElement(selector, host.shadowRoot);
    if (inside) return inside;
  }
  return null;
}

/**
 * Whether an address holds "key=value"; "key=*" is any value.
 *
 * @param {string} setting
 * @param {string} search the part of the address from "?" on
 */
export function addressHas(setting, search) {
  const [key, value] = setting.split('=');
  const has = new URLSearchParams(search).get(key);
  return value === '*' ? has !== null : has === value;
}
