// @ts-check
// Small tensors as grids of numbers. Pointing at a cell lights the cells it was made of, choosing it opens it, and
// the cells of x are fields: typed into, stepped with the arrow keys, or dragged sideways.

import { el } from '../lib/dom.js';
import { rowsOf } from '../lib/number_table.js';
import { cellText, exact } from '../lib/numbers.js';
import { cellColours } from '../lib/palette.js';
import { unravel } from '../lib/shapes.js';
import { parseNumber, stepNumber } from './cells.js';

const PIXELS = 6; // of a drag for one step
const SLACK = 4; // pixels that a click may move

/**
 * @typedef {import('./payload.js').GridTensor} GridTensor
 * @typedef {Pick<import('./payload.js').OperatorLabels, 'rows' | 'reset'>} Labels
 *
 * @typedef {object} Listener
 * @property {(tensor: string, at: number) => void} open
 * @property {(place: number, number: number | null) => void} set a cell of x, by its place in it
 * @property {(place: number) => number | undefined} now a cell of x as the reader has set it
 * @property {() => void} reset
 * @property {(holds: boolean) => void} hold
 */

/** The tensors of one call; `update` brings them to an answer without replacing what has the focus. */
export class Grids {
  /** @param {Listener} listener */
  constructor(listener) {
    this.listener = listener;
    this.root = el('div', { class: 'grid' });
    this.again = el('button', { type: 'button', onclick: () => this.listener.reset() }); // gives x its drawn numbers
    this.content = '';
    /** @type {GridTensor[]} */
    this.tensors = [];
    /** @type {Float32Array[]} */
    this.numbers = [];
    /** @type {HTMLElement[][]} */
    this.cells = [];
    /** @type {Map<string, number[][][]>} */
    this.sources = new Map();
    /** @type {{ tensor: number, at: number } | null} */
    this.open = null;
    /** @type {{ tensor: number, at: number } | null} */
    this.pointed = null;
    /** @type {HTMLElement | undefined} the field that is being typed into */
    this.typing = undefined;
  }

  /**
   * @param {GridTensor[]} tensors
   * @param {Float32Array[]} numbers one array for each
   * @param {{ tensor: string, at: number } | null} cell
   * @param {Labels} labels
   */
  update(tensors, numbers, cell, labels) {
    this.tensors = tensors;
    this.numbers = numbers;
    const content = JSON.stringify([tensors, labels.rows]);
    if (content !== this.content) {
      this.content = content;
      this.sources.clear();
      this.pointed = null;
      this.build(labels);
    }
    for (const [number, values] of numbers.entries()) this.paint(number, values);
    this.open = cell && { tensor: tensors.findIndex(({ name }) => name === cell.tensor), at: cell.at };
    this.light();
  }

  /** Shows nothing, and forgets what is known of the cells: another operator follows. */
  clear() {
    this.content = '';
    this.typing = undefined;
    this.root.replaceChildren();
  }

  /** @param {string} of @param {number[][][]} sources */
  know(of, sources) {
    this.sources.set(of, sources);
    this.light();
  }

  /** @param {Labels} labels */
  build(labels) {
    this.cells = [];
    const rows = labels.rows.map((title) => el('div', 'grid-row', el('h3', '', title)));
    for (const number of this.tensors.keys()) rows[this.tensors[number].row].append(this.tensor(number, labels));
    this.root.replaceChildren(...rows.filter((row) => row.childElementCount > 1));
  }

  /** @param {number} number @param {Labels} labels */
  tensor(number, labels) {
    const { title, shape, edits } = this.tensors[number];
    const comma = shape.length === 1 ? ',' : '';
    const heading = el('h4', '', title, el('small', '', `(${shape.join(', ')}${comma})`));
    if (edits.length) {
      this.again.textContent = labels.reset;
      heading.append(this.again);
    }
    const columns = shape.at(-1) ?? 1;
    const size = columns * (shape.length > 1 ? (shape.at(-2) ?? 1) : 1);
    const slices = el('div', 'grid-slices');
    /** @type {HTMLElement[]} */
    const cells = [];
    for (let start = 0; start < this.numbers[number].length; start += size) {
      const slice = el('div', 'grid-slice');
      const place = shape.length > 2 ? `[${unravel(start, shape).slice(0, -2).join(', ')}]` : '';
      if (place) slice.append(el('small', '', place));
      const table = el('div', { class: 'grid-cells', role: 'table', 'aria-label': `${title} ${place}`.trim() });
      table.style.gridTemplateColumns = `repeat(${columns}, auto)`;
      for (let at = start; at < start + size; at += 1) cells.push(this.cell(number, at));
      table.append(...rowsOf(cells.slice(start), columns));
      slice.append(table);
      slices.append(slice);
    }
    if (cells.length) cells[0].tabIndex = cells[0].tagName === 'SPAN' ? -1 : 0;
    this.cells[number] = cells;
    const box = el('div', 'grid-tensor', heading, el('div', 'grid-scroll', slices));
    box.dataset.tensor = this.tensors[number].name;
    box.addEventListener('keydown', (event) => walk(event, cells, columns));
    return box;
  }

  /** @param {number} number @param {number} at */
  cell(number, at) {
    const { opens, edits } = this.tensors[number];
    if (edits.length) return this.field(number, at, edits[at]);
    const cell = el(opens ? 'button' : 'span', opens ? { type: 'button', tabindex: '-1' } : {});
    if (!opens) return cell;
    for (const name of ['pointerenter', 'focus']) cell.addEventListener(name, () => this.point(number, at));
    for (const name of ['pointerleave', 'blur']) cell.addEventListener(name, () => this.point());
    cell.addEventListener('click', () => this.listener.open(this.tensors[number].name, at));
    return cell;
  }

  /** @param {number} number @param {number} at @param {number} place in x */
  field(number, at, place) {
    const field = el('input', {
      type: 'text',
      inputmode: 'decimal',
      role: 'spinbutton',
      autocomplete: 'off',
      tabindex: '-1',
    });
    field.dataset.place = String(place);
    const now = () => this.listener.now(place) ?? Number(this.numbers[number][at].toPrecision(7));
    const set = (/** @type {number | null} */ value) => {
      this.typing = undefined;
      this.listener.set(place, value);
      if (value !== null) field.value = cellText(value);
    };
    field.addEventListener('focus', () => field.select());
    field.addEventListener('input', () => {
      const value = parseNumber(field.value);
      field.setAttribute('aria-invalid', String(value === undefined));
      this.typing = field;
      if (value !== undefined) this.listener.set(place, value);
    });
    field.addEventListener('blur', () => {
      this.typing = undefined;
      this.paint(number, this.numbers[number]);
    });
    field.addEventListener('keydown', (event) => {
      const steps = { ArrowUp: 1, ArrowDown: -1, PageUp: 10, PageDown: -10 }[event.key];
      if (steps) set(stepNumber(now(), steps));
      else if (event.key === 'Escape') set(null);
      else if (event.key === 'Enter') field.select();
      else return;
      event.preventDefault();
    });
    drag(field, now, set, this.listener.hold);
    return field;
  }

  /** @param {number} number @param {Float32Array} values */
  paint(number, values) {
    const { title, shape } = this.tensors[number];
    const bound = Math.max(...[...values].filter(Number.isFinite).map(Math.abs), 1e-12);
    for (const [at, cell] of this.cells[number].entries()) {
      const value = values[at];
      const where = `${title}[${unravel(at, shape).join(', ')}]`;
      Object.assign(cell.style, cellColours(Number.isFinite(value) ? value : 0, bound));
      cell.title = `${where} = ${exact(value)}`;
      cell.dataset.value = exact(value);
      if (cell instanceof HTMLInputElement) {
        const set = this.listener.now(Number(cell.dataset.place)) ?? Number(value.toPrecision(7));
        if (this.typing !== cell) cell.value = cellText(set);
        cell.setAttribute('aria-valuenow', String(set));
        cell.setAttribute('aria-label', where);
      } else {
        cell.textContent = cellText(value);
        if (cell.tagName === 'BUTTON') cell.setAttribute('aria-label', `${where} ${cellText(value)}`);
      }
    }
  }

  /** @param {number} [tensor] @param {number} [at] */
  point(tensor, at) {
    this.pointed = tensor === undefined || at === undefined ? null : { tensor, at };
    this.light();
  }

  // Lights the cells that the pointed cell was made of; without one, those of the opened cell.
  light() {
    for (const cells of this.cells) for (const cell of cells) cell?.classList.remove('lit', 'open');
    const now = this.pointed ?? this.open;
    if (!now) return;
    this.cells[now.tensor]?.[now.at]?.classList.add('open');
    const sources = this.sources.get(this.tensors[now.tensor]?.name)?.[now.at] ?? [];
    for (const [tensor, from] of sources) this.cells[tensor]?.[from]?.classList.add('lit');
  }
}

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

// Whether the key moves within what is typed; not so while all of it is selected, as it is when a field is entered.
const isInside = (/** @type {HTMLElement} */ field, /** @type {string} */ key) => {
  if (!(field instanceof HTMLInputElement)) return false;
  const { selectionStart: from, selectionEnd: to, value } = field;
  if (from === 0 && to === value.length) return false;
  return key === 'ArrowLeft' ? to !== 0 : from !== value.length;
};

/**
 * Lets a field be dragged sideways: a step for every few pixels; a press without a way is for typing.
 *
 * @param {HTMLInputElement} field
 * @param {() => number} now
 * @param {(value: number) => void} set
 * @param {(holds: boolean) => void} hold
 */
function drag(field, now, set, hold) {
  /** @type {{ x: number, value: number, away: boolean } | null} */
  let from = null;
  field.addEventListener('pointerdown', ({ clientX, button }) => {
    if (button === 0) from = { x: clientX, value: now(), away: false };
  });
  field.addEventListener('pointermove', (event) => {
    if (!from || (!from.away && Math.abs(event.clientX - from.x) < SLACK)) return;
    if (!from.away) {
      from.away = true;
      field.setPointerCapture(event.pointerId);
      hold(true);
    }
    event.preventDefault();
    set(stepNumber(from.value, Math.round((event.clientX - from.x) / PIXELS)));
  });
  for (const name of ['pointerup', 'pointercancel']) {
    field.addEventListener(name, () => {
      from = null;
    });
  }
}
