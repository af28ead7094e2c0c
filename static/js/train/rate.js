// @ts-check
// The learning rate of a run that trains or has paused: another one counts from the next batch on.

import { el, fill } from '../lib/dom.js';
import { drawing } from '../lib/lifecycle.js';
import { button, RunCommands, showButton } from './run_commands.js';

/**
 * @typedef {import('./payload.js').RateData} Data
 * @typedef {import('./payload.js').RateWords} Words
 */

export default drawing({
  mount: (/** @type {import('../lib/lifecycle.js').Component<Data>} */ { parentElement, data }) =>
    new Rate(parentElement, data),
  update: (rate, { data }) => rate.read(data),
  end: (rate) => rate.end(),
});

/** @extends {RunCommands<Words>} */
class Rate extends RunCommands {
  /** @param {HTMLElement & ShadowRoot} host @param {Data} data */
  constructor(host, data) {
    super(host, data, STYLE);
    this.lastShown = ''; // what the page said last: a number that is typed stays
    this.applied = '';
    this.name = el('span');
    this.field = el('input', { type: 'number', step: 'any', min: 0, max: 1000, inputmode: 'decimal' });
    this.field.addEventListener('input', () => this.show());
    this.apply = button('learning_rate', '', () => this.change());
    const row = el('div', 'row', this.field, this.apply);
    const form = el('form', { novalidate: true, onsubmit: this.submit }, el('label', {}, this.name), row);
    this.root.append(form, this.connectionNotice.element, this.note);
  }

  /** @param {Event} event */
  submit = (event) => {
    event.preventDefault();
    this.change();
  };

  /** @param {Data} data */
  read(data) {
    const rate = String(data.rate);
    if (`${data.run} ${rate}` !== this.lastShown) this.field.value = rate;
    this.lastShown = `${data.run} ${rate}`;
    this.name.textContent = data.words.label;
    this.field.setAttribute('aria-label', data.words.label);
    this.field.setAttribute('aria-description', data.words.hint);
    this.field.title = data.words.hint;
    this.update(data);
  }

  change() {
    if (this.field.value === '') return;
    this.applied = this.field.value;
    this.steering.command('learning_rate', Number(this.field.value));
  }

  /** @override */
  show() {
    super.show();
    if (!this.apply) return; // while it is being made
    const { awaited, note } = this.steering;
    if (note === 'success') this.note.textContent = fill(this.data.words.success, { rate: this.applied });
    const can = this.steering.may('learning_rate') && this.field.value !== '';
    showButton(this.apply, this.data.words.apply, can, awaited !== null);
  }
}

const STYLE = `
label { display: block; font-size: .875rem; margin-bottom: .25rem; }
.row { display: flex; flex-wrap: wrap; gap: .5rem; }
input { font: inherit; color: inherit; flex: 1 1 8rem; min-width: 0; box-sizing: border-box; min-height: 2.5rem;
  padding: .25rem .75rem; border-radius: var(--st-base-radius, .5rem); background: var(--st-secondary-background-color);
  border: 1px solid var(--st-border-color, transparent); font-variant-numeric: tabular-nums; }
input:focus-visible { outline: 2px solid var(--st-primary-color); outline-offset: 1px; }
`;
