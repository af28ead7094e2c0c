// @ts-check
// The receptive field: point at a unit of a layer, and the pixels of the picture that it can see light up.

import { arrowOf } from '../lib/arrow_keys.js';
import { el, fill } from '../lib/dom.js';
import { drawing } from '../lib/lifecycle.js';
import { clampIndex } from '../lib/shapes.js';
import { onTheme } from '../lib/theme.js';
import { Grid, styleOf } from './grid.js';

const STYLE = `
.reach { font-family: var(--st-font); color: var(--st-text-color); border-radius: 6px; outline-offset: 4px; }
.reach:focus-visible { outline: 2px solid var(--st-primary-color); }
.grids { display: flex; flex-wrap: wrap; gap: 1rem 2rem; align-items: flex-start; }
figure { margin: 0; } figcaption { font-size: .85rem; font-weight: 600; margin-bottom: .25rem; }
canvas { display: block; touch-action: pan-y pinch-zoom; cursor: crosshair; }
.says { margin-top: .5rem; font-size: .9rem; min-height: 1.5em; }
`;

/**
 * @typedef {import('./payload.js').ReachData} ReachData
 * @typedef {import('../lib/lifecycle.js').Component<ReachData>} Component
 */

export default drawing({
  mount: (/** @type {Component} */ { parentElement, data }) => new Reach(parentElement, data),
  update: (reach, { data }) => reach.update(data),
});

class Reach {
  /** @param {HTMLElement} host @param {ReachData} data */
  constructor(host, data) {
    this.data = data;
    this.content = '';
    /** @type {number[] | null} the unit that is pointed at, before there is one */
    this.cell = null;
    this.picture = new Grid('picture', 0);
    this.units = new Grid('units', 0);
    this.captions = { picture: el('figcaption'), units: el('figcaption') };
    this.says = el('div', { class: 'says', 'aria-live': 'polite' });
    const picture = el('figure', '', this.captions.picture, this.picture.canvas);
    const units = el('figure', '', this.captions.units, this.units.canvas);
    this.root = el('div', { class: 'reach', tabindex: '0', role: 'application' });
    this.root.append(el('div', 'grids', picture, units), this.says);
    host.replaceChildren(el('style', '', STYLE), this.root);
    for (const name of /** @type {const} */ (['pointermove', 'click'])) {
      this.units.canvas.addEventListener(name, (event) => this.look(this.units.at(event)));
    }
    this.root.addEventListener('keydown', (event) => this.key(event));
    onTheme(this.root, () => {
      this.content = '';
      this.update(this.data);
    });
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const move = arrowOf(event.key);
    if (!move || !this.cell) return;
    event.preventDefault();
    const { units } = this.data;
    const [row, column] = this.cell;
    this.look([clampIndex(row + move.rows, units[0]), clampIndex(column + move.columns, units[1])]);
  }

  /** @param {ReachData} data */
  update(data) {
    const content = JSON.stringify(data);
    if (content === this.content) return;
    this.content = content;
    this.data = data;
    this.root.setAttribute('aria-label', data.labels.instructions);
    this.captions.picture.textContent = data.labels.picture;
    this.captions.units.textContent = data.labels.units;
    const style = styleOf(this.root);
    const room = Math.min(Math.max(260, this.root.clientWidth || 320) - 8, 320);
    const plan = (/** @type {number[]} */ [rows, columns], /** @type {number[]} */ values) => {
      const cell = Math.max(3, Math.min(22, Math.floor(room / Math.max(columns, rows))));
      return { rows, columns, values, cell, style, blank: true };
    };
    const [rows, columns] = data.units;
    this.picture.set(plan(data.size, data.x));
    this.units.set(plan(data.units, new Array(rows * columns).fill(0)));
    const isThere = this.cell?.every((at, side) => at < data.units[side]);
    this.look(isThere ? this.cell : [Math.floor(rows / 2), Math.floor(columns / 2)]);
  }

  /** @param {number[] | null} cell a unit */
  look(cell) {
    if (!cell) return;
    const { data } = this;
    this.cell = cell;
    const [rows, columns] = [data.rows[cell[0]], data.columns[cell[1]]];
    const lit = rows.flatMap((row) => columns.map((column) => [row, column]));
    const frame = lit.length ? [rows[0], columns[0], spanOf(rows), spanOf(columns)] : null;
    this.units.paint({ strong: [cell] });
    const whole = frame && lit.length === frame[2] * frame[3]; // with holes, each cell is marked
    this.picture.paint({ lit: whole ? [] : lit, frame });
    const values = { i: cell[0], j: cell[1], rows: rows.length, columns: columns.length, n: lit.length };
    this.says.textContent = fill(data.labels.sees, values);
    this.root.dataset.sees = `${rows.length}x${columns.length}`;
  }
}

/** @param {number[]} positions in order */
const spanOf = (positions) => positions[positions.length - 1] - positions[0] + 1;
