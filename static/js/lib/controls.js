// @ts-check
// The controls of an instrument: one for each declared setting, with its name, its value and what it means.

import { el } from './dom.js';
import { whole } from './numbers.js';
import { logarithmic, meansSomething, nearest } from './settings.js';
import { clampIndex } from './shapes.js';

/**
 * @typedef {import('./payload.js').ControlWords} Words
 * @typedef {import('./settings.js').Declaration} Declaration
 * @typedef {import('./settings.js').Values} Values
 * @typedef {(name: string, value: number | string | boolean) => void} Change
 */

// A browser shows what is not filled of a slider light, in a dark theme too, beside a colour as dark as the light
// one's.
export const ACCENT = 'light-dark(#1f6feb, #5b9dff)';

export const CONTROLS_STYLE = `
.controls { display: flex; flex-direction: column; gap: .55rem; font-size: .875rem; }
.control { min-width: 0; }
.control[hidden] { display: none; }
.control > label { display: flex; justify-content: space-between; gap: .5rem; align-items: baseline; }
.control .value[hidden] { display: none; }
.control .value { font-variant-numeric: tabular-nums; color: light-dark(#1a5cc4, #7fb0ff); }
.control input[type=range] { width: 100%; margin: 0; height: 1.6rem; accent-color: ${ACCENT};
  touch-action: pan-y pinch-zoom; cursor: pointer; }
.control :is(select, textarea, input[type=number], input[type=text]) { font: inherit; color: inherit; width: 100%;
  box-sizing: border-box; min-height: 2.2rem; padding: .25rem .5rem; border-radius: .5rem;
  background: var(--st-secondary-background-color); border: 1px solid var(--st-border-color, rgba(128, 128, 128, .4)); }
.control select option { color: var(--st-text-color); background: var(--st-background-color); }
.control .scale { margin-top: .15rem; }
.control input[step=any] { appearance: textfield; }
.control input[step=any]::-webkit-inner-spin-button { appearance: none; }
.control textarea { min-height: 4.5rem; font-family: var(--st-code-font); font-size: .8rem; resize: vertical; }
.control.flag label { justify-content: flex-start; align-items: center; min-height: 1.8rem; cursor: pointer; }
.control.flag input { width: 1.1rem; height: 1.1rem; margin: 0; accent-color: ${ACCENT}; }
.control :focus-visible { outline: 2px solid var(--st-primary-color); outline-offset: 2px; }
@media (max-width: 700px) {
  .control:has(> .scale) { display: grid; grid-template-columns: minmax(0, 1fr) minmax(4.6rem, 45%); gap: .1rem .4rem;
    align-items: center; align-content: start; }
  .control:has(> .scale) > .scale { grid-column: 1 / -1; }
}
@media (pointer: coarse) { .control input[type=range] { height: 2.2rem; } }
`;

/** One setting's control; `show` brings it to a value without touching what is being typed. */
class Control {
  /** @param {Declaration} declared @param {Words} words @param {Change} change */
  constructor(declared, words, change) {
    this.declared = declared;
    this.value = el('output', { class: 'value', 'aria-hidden': 'true' });
    this.input = inputOf(declared, words);
    const name = el('span', { class: 'name' }, words.label);
    const label =
      declared.kind === 'flag'
        ? el('label', {}, this.input, name)
        : el('label', {}, name, declared.kind === 'number' ? this.value : '');
    this.name = name;
    this.root = el('div', { class: `control ${declared.kind}`, title: words.hint }, label);
    if (declared.kind !== 'flag') this.root.append(this.input);
    this.input.setAttribute('aria-label', words.label);
    this.input.dataset.setting = declared.name;
    this.value.hidden = !this.isRange();
    if (declared.scale === 'log') this.addScale(words, change);
    this.input.addEventListener(declared.kind === 'choice' ? 'change' : 'input', () => {
      const value = this.read();
      if (value === null) return;
      this.value.textContent = whole(Number(value));
      this.showScale(Number(value));
      change(declared.name, value);
    });
    if (words.hint) this.input.setAttribute('aria-description', words.hint);
  }

  /**
   * A logarithmic slider below the field that holds the number.
   *
   * @param {Words} words
   * @param {Change} change
   */
  addScale(words, change) {
    const places = logarithmic(this.declared);
    const scale = el('input', { type: 'range', class: 'scale', min: 0, max: places.length - 1, step: 1 });
    scale.setAttribute('aria-label', words.scale ?? words.label);
    scale.dataset.scale = this.declared.name;
    scale.addEventListener('input', () => {
      const value = places[Number(scale.value)];
      this.input.value = String(value);
      scale.setAttribute('aria-valuetext', String(value));
      change(this.declared.name, value);
    });
    this.scale = scale;
    this.places = places;
    this.root.append(scale);
    if (this.input.getAttribute('step') !== 'any') return;
    this.root.addEventListener('keydown', (event) => {
      const by = { ArrowUp: 1, ArrowDown: -1 }[event.key];
      if (!by || event.target !== this.input) return;
      event.preventDefault(); // a step of 1 is no step of such a number
      const at = nearest(places, Number(this.read() ?? this.declared.default)) + by;
      scale.value = String(clampIndex(at, places.length));
      scale.dispatchEvent(new Event('input'));
    });
  }

  /** @param {number} value */
  showScale(value) {
    if (!this.scale || !this.places) return;
    const at = nearest(this.places, value);
    const now = Number(this.scale.value);
    if (this.places[now] !== value) this.scale.value = String(at);
    this.scale.setAttribute('aria-valuetext', String(value));
  }

  isRange() {
    return this.input instanceof HTMLInputElement && this.input.type === 'range';
  }

  /** What the control says now; null where it says nothing that is possible. */
  read() {
    const { kind, minimum = 0, maximum = 0, default: value } = this.declared;
    if (this.input instanceof HTMLInputElement && kind === 'flag') return this.input.checked;
    if (kind !== 'number') return this.input.value;
    const number = this.input.value === '' ? Number.NaN : Number(this.input.value);
    const possible =
      number >= minimum && number <= maximum && (!Number.isInteger(value) || isWhole(this.declared, number));
    return possible ? number : null;
  }

  /** @param {number | string | boolean} value */
  show(value) {
    this.showScale(Number(value));
    if (this.read() === value) {
      if (this.isRange()) this.value.textContent = whole(Number(value));
      return;
    }
    if (this.input instanceof HTMLInputElement && this.declared.kind === 'flag')
      this.input.checked = Boolean(value);
    else this.input.value = String(value);
    this.value.textContent = whole(Number(value));
  }

  /** @param {number} maximum of a number whose end depends on the others */
  limit(maximum) {
    if (!(this.input instanceof HTMLInputElement) || this.input.max === String(maximum)) return;
    const { minimum = 0, step = 1 } = this.declared;
    this.input.max = String(maximum);
    this.input.type = typeOf(minimum, maximum, step);
    this.value.hidden = !this.isRange();
  }

  /** @param {string} label */
  rename(label) {
    if (this.name.textContent === label) return;
    this.name.textContent = label;
    this.input.setAttribute('aria-label', label);
  }
}

const isWhole = (/** @type {Declaration} */ { step = 1 }, /** @type {number} */ number) =>
  !Number.isInteger(step) || Number.isInteger(number);

const MOST_STEPS = 120; // a slider with more of them is hard to set: a field takes the number

/** @param {number} minimum @param {number} maximum @param {number} step */
const typeOf = (minimum, maximum, step) => ((maximum - minimum) / step > MOST_STEPS ? 'number' : 'range');

/** @param {Declaration} declared @param {Words} words */
function inputOf({ kind, minimum = 0, maximum = 1, step = 1, scale, options = [], longest }, words) {
  if (kind === 'choice') {
    return el('select', {}, ...options.map((code) => el('option', { value: code }, words.options?.[code] ?? code)));
  }
  if (kind === 'flag') return el('input', { type: 'checkbox' });
  if (kind === 'text')
    return el(longest && longest > 100 ? 'textarea' : 'input', { maxlength: longest, type: 'text' });
  const type = scale === 'log' ? 'number' : typeOf(minimum, maximum, step);
  return el('input', { type, min: minimum, max: maximum, step: scale === 'log' && minimum < 1 ? 'any' : step });
}

/** All controls of an instrument, in the order of their declaration. */
export class Controls {
  /** @param {Declaration[]} declared @param {Record<string, Words>} words @param {Change} change */
  constructor(declared, words, change) {
    this.declared = declared;
    this.all = new Map(declared.map((each) => [each.name, new Control(each, words[each.name], change)]));
    this.root = el('div', { class: 'controls' }, ...[...this.all.values()].map(({ root }) => root));
  }

  /** @param {string} name */
  of(name) {
    const control = this.all.get(name);
    if (!control) throw new Error(`no setting ${name}`);
    return control;
  }

  /** Shows these values, and of the controls those that mean something. @param {Values} values */
  show(values) {
    for (const declared of this.declared) {
      const control = this.of(declared.name);
      control.show(values[declared.name]);
      control.root.hidden = !meansSomething(declared, values);
    }
  }
}
