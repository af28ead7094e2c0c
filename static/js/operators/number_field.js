// @ts-check
// A cell of x as a field: its number is typed, stepped with the arrow keys, or dragged sideways.

import { el } from '../lib/dom.js';
import { cellText } from '../lib/numbers.js';
import { parseNumber, stepNumber } from './cells.js';

const PIXELS = 6; // of a drag for one step
const SLACK = 4; // pixels that a click may move
/** @type {Record<string, number>} */
const STEPS = { ArrowUp: 1, ArrowDown: -1, PageUp: 10, PageDown: -10 };

/**
 * @typedef {object} Listener
 * @property {(number: number | null) => void} set null gives the cell its drawn number back
 * @property {() => number | undefined} now the cell as the reader has set it
 * @property {(holds: boolean) => void} hold
 */

export class NumberField {
  /** @param {number} place of the cell in x @param {Listener} listener */
  constructor(place, listener) {
    this.listener = listener;
    this.isTyping = false; // what is typed stays as it is typed
    this.value = 0; // what the cell holds, in float32
    this.element = el('input', {
      type: 'text',
      inputmode: 'decimal',
      role: 'spinbutton',
      autocomplete: 'off',
      tabindex: '-1',
      'data-place': place,
      onfocus: () => this.element.select(),
      oninput: () => this.type(),
      onblur: () => this.leave(),
      onkeydown: (/** @type {KeyboardEvent} */ event) => this.key(event),
    });
    drag(this);
  }

  /** The number in the field. */
  get number() {
    return this.listener.now() ?? Number(this.value.toPrecision(7));
  }

  /** @param {number} value what the cell holds, in float32 @param {string} name of the cell */
  show(value, name) {
    this.value = value;
    if (!this.isTyping) this.element.value = cellText(this.number);
    this.element.setAttribute('aria-valuenow', String(this.number));
    this.element.setAttribute('aria-label', name);
  }

  /** @param {number | null} value */
  set(value) {
    this.isTyping = false;
    this.listener.set(value);
    if (value !== null) this.element.value = cellText(value);
  }

  type() {
    const value = parseNumber(this.element.value);
    this.element.setAttribute('aria-invalid', String(value === undefined));
    this.isTyping = true;
    if (value !== undefined) this.listener.set(value);
  }

  leave() {
    this.isTyping = false;
    this.element.value = cellText(this.number);
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const steps = STEPS[event.key];
    if (steps) this.set(stepNumber(this.number, steps));
    else if (event.key === 'Escape') this.set(null);
    else if (event.key === 'Enter') this.element.select();
    else return;
    event.preventDefault();
  }
}

/** A step for every few pixels to the side; a press without a way is for typing. @param {NumberField} field */
function drag(field) {
  /** @type {{ x: number, value: number, away: boolean } | null} */
  let from = null;
  const { element, listener } = field;
  element.addEventListener('pointerdown', ({ clientX, button }) => {
    if (button === 0) from = { x: clientX, value: field.number, away: false };
  });
  element.addEventListener('pointermove', (event) => {
    if (!from || (!from.away && Math.abs(event.clientX - from.x) < SLACK)) return;
    if (!from.away) {
      from.away = true;
      element.setPointerCapture(event.pointerId);
      listener.hold(true);
    }
    event.preventDefault();
    field.set(stepNumber(from.value, Math.round((event.clientX - from.x) / PIXELS)));
  });
  const end = () => {
    from = null;
  };
  for (const name of ['pointerup', 'pointercancel']) element.addEventListener(name, end);
}
