// @ts-check
// The numbers of a run in a row that never changes its shape, and how much of it is done.

import { el } from '../lib/dom.js';

export class Numbers {
  constructor() {
    this.list = el('dl', { class: 'run-numbers', 'data-testid': 'run-numbers' });
    this.bar = el('i');
    this.progress = el('div', { class: 'run-progress', role: 'progressbar' }, this.bar);
    this.announcement = el('p', { class: 'run-said', 'aria-live': 'polite' });
    this.elements = [this.list, this.progress, this.announcement];
  }

  /** @param {string} progress what the bar is called */
  name(progress) {
    this.progress.setAttribute('aria-label', progress);
  }

  /** @param {import('./payload.js').RunHeader} header */
  show({ numbers, progress }) {
    while (this.list.children.length > numbers.length) this.list.lastElementChild?.remove();
    while (this.list.children.length < numbers.length) this.list.append(el('div', '', el('dt'), el('dd')));
    numbers.forEach((number, n) => {
      showOne(this.list.children[n], number);
    });
    const percent = (100 * progress).toFixed(1);
    this.bar.style.width = `${percent}%`;
    this.progress.setAttribute('aria-valuenow', percent);
    put(this.announcement, numbers[0].text);
  }
}

/** @param {Element} cell @param {import('./payload.js').NumberFacts} number */
function showOne(cell, { name, text, remark, old }) {
  const [title, value, small] = cell.children;
  put(title, name);
  put(value, text);
  value.classList.toggle('old', old);
  if (!remark) small?.remove();
  else if (small) put(small, remark);
  else cell.append(el('dd', 'remark', remark));
}

/** @param {Element} element @param {string} text */
function put(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
