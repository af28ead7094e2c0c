// @ts-check
// One tensor as grids of cells, a grid for each of its matrices: cells of x are fields, those that open are buttons.

import { el } from '../lib/dom.js';
import { rowsOf } from '../lib/number_table.js';
import { cellText, exact } from '../lib/numbers.js';
import { cellColours } from '../lib/palette.js';
import { unravel } from '../lib/shapes.js';
import { NumberField } from './number_field.js';

/**
 * @typedef {import('./payload.js').GridTensor} GridTensor
 *
 * @typedef {object} Listener
 * @property {(tensor: string, at: number) => void} open
 * @property {(at: number | null) => void} point a cell of this tensor; null when the pointer leaves
 * @property {(place: number, number: number | null) => void} set a cell of x, by its place in it
 * @property {(place: number) => number | undefined} now a cell of x as the reader has set it
 * @property {(holds: boolean) => void} hold
 */

export class TensorCells {
  /**
   * @param {GridTensor} tensor
   * @param {number} length how many numbers it has
   * @param {Listener} listener
   */
  constructor(tensor, length, listener) {
    this.tensor = tensor;
    this.listener = listener;
    /** @type {(NumberField | null)[]} by the places of their cells; null for a cell that is no field */
    this.fields = tensor.edits.map((place) => this.field(place));
    this.cells = Array.from({ length }, (_, at) => this.fields[at]?.element ?? this.cell(at));
    const [first] = this.cells;
    if (first) first.tabIndex = first.tagName === 'SPAN' ? -1 : 0;
    const { name, title, shape } = tensor;
    this.heading = el('h4', '', title, el('small', '', tupleText(shape)));
    const columns = shape.at(-1) ?? 1;
    const slices = el('div', 'grid-slices', ...this.slices(columns));
    this.root = el('div', { class: 'grid-tensor', 'data-tensor': name }, this.heading);
    this.root.append(el('div', 'grid-scroll', slices));
    this.root.addEventListener('keydown', (event) => walk(event, this.cells, columns));
  }

  /** One grid for each matrix. @param {number} columns */
  slices(columns) {
    const { title, shape } = this.tensor;
    const size = columns * (shape.length > 1 ? (shape.at(-2) ?? 1) : 1);
    const slices = [];
    for (let start = 0; start < this.cells.length; start += size) {
      const place = shape.length > 2 ? `[${unravel(start, shape).slice(0, -2).join(', ')}]` : '';
      const table = el('div', { class: 'grid-cells', role: 'table', 'aria-label': `${title} ${place}`.trim() });
      table.style.gridTemplateColumns = `repeat(${columns}, auto)`;
      table.append(...rowsOf(this.cells.slice(start, start + size), columns));
      slices.push(el('div', 'grid-slice', place ? el('small', '', place) : null, table));
    }
    return slices;
  }

  /** @param {number} at */
  cell(at) {
    const { name, opens } = this.tensor;
    if (!opens) return el('span');
    const cell = el('button', { type: 'button', tabindex: '-1' });
    for (const event of ['pointerenter', 'focus']) cell.addEventListener(event, () => this.listener.point(at));
    for (const event of ['pointerleave', 'blur']) cell.addEventListener(event, () => this.listener.point(null));
    cell.addEventListener('click', () => this.listener.open(name, at));
    return cell;
  }

  /** @param {number} place in x */
  field(place) {
    const { set, now, hold } = this.listener;
    return new NumberField(place, { set: (number) => set(place, number), now: () => now(place), hold });
  }

  /** @param {Float32Array} values */
  paint(values) {
    const { title, shape } = this.tensor;
    const bound = Math.max(...[...values].filter(Number.isFinite).map(Math.abs), 1e-12);
    for (const [at, cell] of this.cells.entries()) {
      const value = values[at];
      const name = `${title}[${unravel(at, shape).join(', ')}]`;
      Object.assign(cell.style, cellColours(Number.isFinite(value) ? value : 0, bound));
      cell.title = `${name} = ${exact(value)}`;
      cell.dataset.value = exact(value);
      const field = this.fields[at];
      if (field) field.show(value, name);
      else cell.textContent = cellText(value);
      if (cell.tagName === 'BUTTON') cell.setAttribute('aria-label', `${name} ${cellText(value)}`);
    }
  }
}

/** A shape as Python writes it: "(4,)", "(2, 3)". @param {number[]} shape */
const tupleText = (shape) => `(${shape.join(', ')}${shape.length === 1 ? ',' : ''})`;

/**
 * Arrow keys go from cell to cell; in a field of x only those to the side, for up and down change its number.
 *
 * @param {KeyboardEvent} event
 * @param {HTMLElement[]} cells
 * @param {number} columns
 */
function walk(event, cells, columns) {
  if (event.defaultPrevented) return;
  const target = /** @type {HTMLElement} */ (event.target);
  const at = cells.indexOf(target);
  const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns }[event.key];
  if (!step || at < 0 || !cells[at + step] || isInside(target, event.key)) return;
  event.preventDefault();
  target.tabIndex = -1;
  cells[at + step].tabIndex = 0;
  cells[at + step].focus();
}

/**
 * Whether the key moves within what is typed; not so while all of it is selected, as when a field is entered.
 *
 * @param {HTMLElement} field
 * @param {string} key
 */
function isInside(field, key) {
  if (!(field instanceof HTMLInputElement)) return false;
  const { selectionStart: from, selectionEnd: to, value } = field;
  if (from === 0 && to === value.length) return false;
  return key === 'ArrowLeft' ? to !== 0 : from !== value.length;
}
