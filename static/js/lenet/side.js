// @ts-check
// Beside the stage: what a step does, whether the arithmetic by hand agrees, the listings, and the switches.

import { el, fill } from '../lib/dom.js';
import { follow, listing } from './code.js';

const FORWARD = new Set(['zero_grad', 'forward', 'loss']);
const WITHOUT_NUMBERS = new Set(['zero_grad', 'after']);

export class Side {
  element = el('div', 'side');
  /** @type {HTMLElement[]} of the network and of the training */
  listings = [];

  /** @param {import('./walk.js').Walk} walk */
  constructor(walk) {
    this.walk = walk;
  }

  show() {
    const { step: training, operation } = this.walk;
    const lit = operation.lit;
    this.listings = training.listings.map((each, i) => listing(each, lit[i], operation.phase === 'backward'));
    this.element.replaceChildren(
      el(
        'div',
        'words',
        el('h2', {}, operation.name),
        '. ',
        operation.words,
        operation.note && ` ${operation.note}`,
      ),
      this.badge(),
      this.listings[1],
      this.listings[0],
      this.switches(),
    );
  }

  /** Brings the lit lines into view; the page is laid out for this, so it comes after all that is drawn. */
  scroll() {
    this.listings.forEach(follow);
  }

  showBadge() {
    this.element.querySelector('.badge')?.replaceWith(this.badge());
  }

  /** Whether the arithmetic by hand agrees with torch. */
  badge() {
    const { step, numbers, checked, operation } = this.walk;
    const { labels } = step;
    const { phase, check } = operation;
    if (numbers.whatIf)
      return el('div', 'badge what-if', FORWARD.has(phase) ? labels.supposed : labels.forward_only);
    if (checked !== step.key) return el('div', 'badge none', '…'); // it is on its way
    if (!check) return el('div', 'badge none', WITHOUT_NUMBERS.has(phase) ? labels.no_badge : labels.not_written);
    const equal = check.difference === '0' ? labels.badge_equal : labels.badge;
    const text = check.beyond ? labels.badge_beyond : equal;
    return el('div', `badge ${check.fine ? 'fine' : 'far'}`, fill(text, { ...check }));
  }

  switches() {
    const { labels } = this.walk.step;
    const perMap = this.switch('shared', `${labels.scale}: ${labels.per_map}`, true);
    return el('div', 'options', perMap, this.switch('peek', labels.peek), this.switch('ask', labels.ask));
  }

  /** @param {keyof import('./walk.js').Walk['options']} name @param {string} text @param {boolean} [inverted] */
  switch(name, text, inverted = false) {
    const { walk } = this;
    const input = el('input', { type: 'checkbox', 'data-option': name });
    input.checked = walk.options[name] !== inverted;
    input.addEventListener('change', () => {
      walk.options[name] = input.checked !== inverted;
      walk.draw();
    });
    return el('label', {}, input, text);
  }
}
