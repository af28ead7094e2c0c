// @ts-check
// Beside the stage: what a step does, whether the arithmetic by hand agrees, the listings, and the switches.

import { el, fill, setChildren } from '../lib/dom.js';
import { follow, listing } from './code.js';
import { Memo } from './memo.js';

const FORWARD = new Set(['zero_grad', 'forward', 'loss']);
const WITHOUT_NUMBERS = new Set(['zero_grad', 'after']);

export class Side {
  element = el('div', 'side');
  /** @type {HTMLElement[]} that are new on the page */
  listings = [];
  /** @type {Memo<HTMLElement>} */
  words = new Memo();
  /** @type {Memo<HTMLElement>[]} of the training and of the network */
  code = [new Memo(), new Memo()];
  /** @type {Memo<HTMLElement>} */
  mark = new Memo();
  /** @type {Memo<HTMLElement>} */
  options = new Memo();

  /** @param {import('./walk.js').Walk} walk */
  constructor(walk) {
    this.walk = walk;
  }

  show() {
    const { step, operation } = this.walk;
    const { name, words, note } = operation;
    const sentence = this.words.of([name, words, note], () =>
      el('div', 'words', el('h2', {}, name), '. ', words, note && ` ${note}`),
    );
    const code = [this.listing(1), this.listing(0)];
    const switches = this.options.of([step.labels], () => this.switches());
    this.listings = code.filter((each) => !this.element.contains(each));
    setChildren(this.element, [sentence, this.badge(), ...code, switches]);
  }

  /** @param {number} i */
  listing(i) {
    const { step, operation } = this.walk;
    const { lit, phase } = operation;
    const parts = [JSON.stringify([step.listings[i], lit[i], phase === 'backward'])];
    return this.code[i].of(parts, () => listing(step.listings[i], lit[i], phase === 'backward'));
  }

  /** Brings the lit lines into view; the page is laid out for this, so it comes after all that is drawn. */
  scroll() {
    this.listings.forEach(follow);
  }

  showBadge() {
    const before = this.mark.value;
    if (before !== this.badge()) before?.replaceWith(this.badge());
  }

  /** Whether the arithmetic by hand agrees with torch. */
  badge() {
    const [kind, text] = this.verdict();
    return this.mark.of([kind, text], () => el('div', `badge ${kind}`, text));
  }

  verdict() {
    const { step, numbers, checked, operation } = this.walk;
    const { labels } = step;
    const { phase, check } = operation;
    if (numbers.whatIf) return ['what-if', FORWARD.has(phase) ? labels.supposed : labels.forward_only];
    if (checked !== step.key) return ['none', '…']; // it is on its way
    if (!check) return ['none', WITHOUT_NUMBERS.has(phase) ? labels.no_badge : labels.not_written];
    const equal = check.difference === '0' ? labels.badge_equal : labels.badge;
    const text = check.beyond ? labels.badge_beyond : equal;
    return [check.fine ? 'fine' : 'far', fill(text, { ...check })];
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
