// @ts-check
// The rows of a network: one line a layer, edited in place; shape, parameters and receptive field beside it.
//
// An edit is reported at once as the whole list; what each row then gives comes back from Python.

import { el } from '../lib/dom.js';
import { drawing } from '../lib/lifecycle.js';
import * as pendingChanges from '../lib/pending_changes.js';
import { RowLine } from './row_line.js';
import { copyOf, setOption, signatureOf, withKind, withMove, without } from './rows_model.js';

const TYPING_MS = 250;

/**
 * @typedef {import('./payload.js').RowsData} RowsData
 * @typedef {import('./payload.js').RowData} RowData
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

class Rows {
  /** @param {HTMLElement} host @param {RowsData} data */
  constructor(host, data) {
    this.data = data;
    /** @type {Component['setStateValue']} */
    this.tell = () => {};
    /** @type {RowData[]} */
    this.rows = [];
    /** @type {RowLine[]} */
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
    const current = signatureOf(data.rows, data.labels);
    if (data.after < this.data.after) this.count = data.after; // another session
    this.data = data;
    if (current !== this.signature && !this.typing) {
      this.rows = copyOf(data.rows);
      this.signature = current;
      this.draw();
    }
    for (const [n, line] of this.lines.entries()) line.show(data.results[n]);
  }

  changed(redraw = true) {
    this.signature = signatureOf(this.rows, this.data.labels);
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
    setOption(row, name, text);
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
    this.lines = this.rows.map((row, n) => new RowLine(this, row, n));
    const add = el('button', 'add', `+ ${this.data.labels.add}`);
    add.addEventListener('click', () => this.put(this.rows.length, 'relu'));
    this.root.replaceChildren(...this.lines.map(({ element }) => element), add);
  }

  /** @param {number} n @param {string} kind */
  put(n, kind) {
    this.rows = withKind(this.rows, n, kind);
    this.changed();
    this.lines[n].select.focus();
  }

  /** @param {number} n @param {number} by */
  move(n, by) {
    this.rows = withMove(this.rows, n, by);
    this.changed();
  }

  /** @param {number} n */
  remove(n) {
    this.rows = without(this.rows, n);
    this.changed();
  }

  end() {
    this.report();
    pendingChanges.remove(this.holder);
  }
}

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
