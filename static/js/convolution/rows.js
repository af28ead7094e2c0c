// @ts-check
// The rows of a network: one line a layer, edited in place; shape, parameters and receptive field beside it.
//
// An edit is reported at once as the whole list; what each row then gives comes back from Python.

import { el, fill } from '../lib/dom.js';
import { drawing } from '../lib/lifecycle.js';
import * as pendingChanges from '../lib/pending_changes.js';

const TYPING_MS = 250;

const STYLE = `
.rows { font-family: var(--st-font); color: var(--st-text-color); font-size: .9rem; }
.row { display: grid; grid-template-columns: 2rem minmax(6.5rem, 7.5rem) 1fr auto auto; gap: .3rem .6rem;
  align-items: center; padding: .25rem .4rem; border-bottom: 1px solid var(--st-border-color); }
.row.bad { background: rgba(217, 115, 13, .14); border-left: 4px solid #d9730d; }
.row.after { opacity: .65; }
.n { opacity: .75; font-variant-numeric: tabular-nums; }
.options { display: flex; flex-wrap: wrap; gap: .25rem .5rem; }
.options label { display: inline-flex; align-items: center; gap: .3rem; font-size: .78rem; }
.options .name { opacity: .75; font-family: var(--st-code-font); }
input, select { font: inherit; color: inherit; background: var(--st-secondary-background-color); min-height: 2rem;
  border: 1px solid var(--st-border-color); border-radius: 5px; padding: 0 .35rem; box-sizing: border-box; }
input { width: 3.3rem; } select { width: 100%; }
input:focus-visible, select:focus-visible, button:focus-visible { outline: 2px solid var(--st-primary-color); }
.gives { text-align: right; font-family: var(--st-code-font); font-size: .8rem; white-space: nowrap; }
.gives small { display: block; opacity: .7; }
.tools { display: flex; gap: .15rem; }
button { font: inherit; color: inherit; background: none; border: 1px solid transparent; border-radius: 5px;
  min-width: 2rem; min-height: 2rem; cursor: pointer; }
button:hover { background: var(--st-secondary-background-color); }
button:disabled { opacity: .25; cursor: default; }
.add { border: 1px dashed var(--st-border-color); width: 100%; margin-top: .4rem; }
.problem { grid-column: 2 / -1; font-size: .85rem; }
.problem code { display: block; opacity: .8; font-family: var(--st-code-font); font-size: .78rem; margin-top: .2rem; }
.problem .mend { border: 1px solid var(--st-primary-color); padding: 0 .6rem; margin-top: .3rem; }
@media (max-width: 560px) { .row { grid-template-columns: 1.4rem 1fr auto; }
  .options { grid-column: 2 / -1; grid-row: 2; }
  .gives { grid-column: 2; grid-row: 3; text-align: left; } .tools { grid-column: 3; grid-row: 1; }
  .problem { grid-row: 4; } }
`;

/**
 * @typedef {import('./payload.js').RowsData} RowsData
 * @typedef {import('./payload.js').RowData} RowData
 * @typedef {import('./payload.js').OptionData} OptionData
 * @typedef {import('./payload.js').ResultData} ResultData
 * @typedef {import('../lib/lifecycle.js').Component<RowsData>} Component
 */

export default drawing({
  mount: (/** @type {Component} */ { parentElement, data }) => new Rows(parentElement, data),
  update(rows, { data, setStateValue }) {
    rows.tell = setStateValue;
    rows.update(data);
  },
  end: (rows) => rows.end(),
});

/**
 * What is on the screen, whatever the order in which options were typed.
 *
 * @param {RowData[]} rows
 * @param {object} labels
 */
const signature = (rows, labels) =>
  JSON.stringify([rows.map((row) => [row.kind, Object.entries(row.options).sort()]), labels]);

class Rows {
  /** @param {HTMLElement} host @param {RowsData} data */
  constructor(host, data) {
    this.data = data;
    /** @type {Component['setStateValue']} */
    this.tell = () => {};
    /** @type {RowData[]} */
    this.rows = [];
    /** @type {Line[]} */
    this.lines = [];
    this.count = data.after; // of reports
    this.signature = '';
    this.typing = false;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    this.root = el('div', 'rows');
    this.holder = { tell: () => this.report(), isHeard: () => !this.typing && this.count <= this.data.after };
    pendingChanges.add(this.holder);
    host.replaceChildren(el('style', '', STYLE), this.root);
  }

  /**
   * Draws the rows only where they differ from what is on the screen, so that typing keeps its place.
   *
   * @param {RowsData} data
   */
  update(data) {
    const current = signature(data.rows, data.labels);
    if (data.after < this.data.after) this.count = data.after; // another session
    this.data = data;
    if (current !== this.signature && !this.typing) {
      this.rows = data.rows.map(({ kind, options }) => ({ kind, options: { ...options } }));
      this.signature = current;
      this.draw();
    }
    for (const [n, line] of this.lines.entries()) line.show(data.results[n]);
  }

  changed(redraw = true) {
    this.signature = signature(this.rows, this.data.labels);
    if (redraw) this.draw();
    this.count += 1;
    this.tell('rows', { rows: this.rows, count: this.count });
  }

  /**
   * Takes what is typed; it is reported when the typing rests, whichever fields it went through.
   *
   * @param {RowData} row @param {string} name @param {string} text
   */
  typed(row, name, text) {
    if (text) row.options[name] = text;
    else delete row.options[name];
    this.typing = true;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.report(), TYPING_MS);
  }

  /** Reports what is typed, if anything is. */
  report() {
    clearTimeout(this.timer);
    if (!this.typing) return;
    this.typing = false;
    this.changed(false);
  }

  draw() {
    this.lines = this.rows.map((row, n) => new Line(this, row, n));
    const add = el('button', 'add', `+ ${this.data.labels.add}`);
    add.addEventListener('click', () => this.put(this.rows.length, 'relu'));
    this.root.replaceChildren(...this.lines.map(({ element }) => element), add);
  }

  /** @param {number} n @param {string} kind */
  put(n, kind) {
    this.rows[n] = { kind, options: {} };
    this.changed();
    this.lines[n].select.focus();
  }

  /** @param {number} n @param {number} by */
  move(n, by) {
    [this.rows[n], this.rows[n + by]] = [this.rows[n + by], this.rows[n]];
    this.changed();
  }

  /** @param {number} n */
  remove(n) {
    this.rows.splice(n, 1);
    this.changed();
  }

  end() {
    this.report();
    pendingChanges.remove(this.holder);
  }
}

/** One row on the screen. */
class Line {
  /** @param {Rows} rows @param {RowData} row @param {number} n */
  constructor(rows, row, n) {
    this.rows = rows;
    this.row = row;
    const { kinds, labels } = rows.data;
    this.select = el('select', { 'aria-label': `${labels.layer} ${n + 1}` });
    for (const [kind, { title }] of Object.entries(kinds)) {
      this.select.append(el('option', { value: kind, selected: kind === row.kind }, title));
    }
    this.select.addEventListener('change', () => rows.put(n, this.select.value));
    const options = kinds[row.kind].options.map((option) => this.field(option));
    const tools = el(
      'div',
      'tools',
      tool('↑', labels.up, n === 0, () => rows.move(n, -1)),
      tool('↓', labels.down, n === rows.rows.length - 1, () => rows.move(n, 1)),
      tool('✕', labels.remove, false, () => rows.remove(n)),
    );
    this.gives = el('div', 'gives');
    this.problem = el('div', { class: 'problem', role: 'alert' });
    this.element = el('div', 'row', el('span', 'n', String(n + 1)), this.select);
    this.element.append(el('div', 'options', ...options), this.gives, tools);
  }

  /** @param {OptionData} option */
  field(option) {
    const input = el('input', {
      placeholder: option.default ?? this.rows.data.labels.auto,
      inputmode: option.word ? 'text' : 'decimal',
      autocomplete: 'off',
    });
    input.value = this.row.options[option.name] ?? '';
    input.addEventListener('input', () => this.rows.typed(this.row, option.name, input.value.trim()));
    return el('label', '', el('span', 'name', option.name), input);
  }

  /** What the row gives, and at the first impossible one, why. @param {ResultData | undefined} result */
  show(result) {
    this.element.classList.toggle('bad', Boolean(result?.problem));
    this.element.classList.toggle('after', !result);
    this.gives.replaceChildren(
      result?.shape ?? '',
      ...(result?.details ?? []).map((each) => el('small', '', each)),
    );
    this.problem.remove();
    if (!result?.problem) return;
    const { labels } = this.rows.data;
    const message = result.message ? el('code', '', `${labels.torch} ${result.message}`) : '';
    this.problem.replaceChildren(result.problem, message, result.right ? this.mend(result.right) : '');
    this.element.append(this.problem);
  }

  /** A button that puts in the size that is right. @param {number} right */
  mend(right) {
    const mend = el('button', 'mend', fill(this.rows.data.labels.mend, { n: right }));
    mend.addEventListener('click', () => {
      this.row.options.in_features = String(right);
      this.rows.changed();
    });
    return mend;
  }
}

/** @param {string} text @param {string} title @param {boolean} disabled @param {() => void} action */
function tool(text, title, disabled, action) {
  const button = el('button', { title, disabled, 'aria-label': title }, text);
  button.addEventListener('click', action);
  return button;
}
