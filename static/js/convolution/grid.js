// @ts-check
// One grid of numbers on a canvas: its cells are painted once, and what is lit is painted over them.

import { contextOf, el } from '../lib/dom.js';
import { brief } from '../lib/numbers.js';
import { inkOn, signedColor } from '../lib/palette.js';
import { isDark } from '../lib/theme.js';

const NUMBERED = 19; // pixels: from this size on a cell shows its number
const LIT = '#d6246e'; // seen on blue, orange, white and black alike

/**
 * @typedef {[row: number, column: number, text: string]} Note
 *
 * @typedef {object} Style
 * @property {string} border
 * @property {string} muted
 * @property {string} padding
 * @property {string} font
 * @property {boolean} dark whether the theme is
 *
 * @typedef {object} Plan what a grid shows
 * @property {number} rows
 * @property {number} columns
 * @property {ArrayLike<number | null>} values row by row; null is minus infinity
 * @property {number} bound of the colours
 * @property {number[]} before cells of padding: top, left
 * @property {number[]} after bottom, right
 * @property {string} paddingText what a cell of padding says
 * @property {number[][]} unreached rows and columns that no window meets
 * @property {number} cell pixels
 * @property {Style} style
 * @property {boolean} blank without numbers
 * @property {boolean} raised each number leaves room for a note below it
 */

/**
 * The colours and the font of a grid, from Streamlit's theme.
 *
 * @param {Element} root
 * @returns {Style}
 */
export function styleOf(root) {
  const styles = getComputedStyle(root);
  const read = (/** @type {string} */ name, /** @type {string} */ other) =>
    styles.getPropertyValue(name).trim() || other;
  return {
    border: 'rgba(128, 128, 128, .55)',
    muted: read('--st-text-color', '#888'),
    padding: read('--st-secondary-background-color', '#eee'),
    font: read('--st-font', 'sans-serif'),
    dark: isDark(root),
  };
}

/** @type {Plan} */
const EMPTY = {
  rows: 0,
  columns: 0,
  values: [],
  bound: 1,
  before: [0, 0],
  after: [0, 0],
  paddingText: '',
  unreached: [[], []],
  cell: 1,
  style: { border: '', muted: '', padding: '', font: 'sans-serif', dark: false },
  blank: false,
  raised: false,
};

export class Grid {
  /** @param {string} name @param {number} channel */
  constructor(name, channel) {
    this.name = name;
    this.channel = channel;
    this.plan = EMPTY;
    this.canvas = el('canvas', { 'aria-hidden': 'true', 'data-grid': name, 'data-channel': channel });
    this.room = el('div', 'room', this.canvas);
    this.base = el('canvas');
    this.ratio = 0; // of the pixels of the screen to those of the page
  }

  /** @param {Partial<Plan> & Pick<Plan, 'rows' | 'columns' | 'values' | 'cell' | 'style'>} plan */
  set(plan) {
    const before = this.plan;
    this.plan = { ...EMPTY, ...plan };
    const ratio = window.devicePixelRatio || 1;
    if (ratio === this.ratio && isSame(before, this.plan)) return;
    this.ratio = ratio;
    this.resize();
    this.paintBase();
  }

  resize() {
    const { rows, columns, before, after, cell } = this.plan;
    const { ratio } = this;
    const width = (columns + before[1] + after[1]) * cell + 2;
    const height = (rows + before[0] + after[0]) * cell + 2;
    for (const canvas of [this.canvas, this.base]) {
      canvas.width = Math.ceil(width * ratio);
      canvas.height = Math.ceil(height * ratio);
      contextOf(canvas).setTransform(ratio, 0, 0, ratio, ratio, ratio);
    }
    this.canvas.style.width = `${width}px`;
    this.canvas.style.height = `${height}px`;
  }

  /** The number of a cell; null where it is padding, or minus infinity. @param {number} row @param {number} column */
  value(row, column) {
    const { rows, columns, values } = this.plan;
    const inside = row >= 0 && row < rows && column >= 0 && column < columns;
    return inside ? values[row * columns + column] : null;
  }

  paintBase() {
    const context = contextOf(this.base);
    const { rows, columns, before, after, unreached, cell: s } = this.plan;
    const [lostRows, lostColumns] = unreached.map((each) => new Set(each));
    context.clearRect(-1, -1, this.base.width, this.base.height);
    context.textAlign = 'center';
    context.textBaseline = 'middle';
    for (let row = -before[0]; row < rows + after[0]; row += 1) {
      for (let column = -before[1]; column < columns + after[1]; column += 1) {
        const value = this.value(row, column);
        const [x, y] = this.place(row, column);
        if (value === null) this.paintPadding(context, x, y);
        else this.paintCell(context, x, y, value);
        if (value !== null && (lostRows.has(row) || lostColumns.has(column))) hatch(context, x, y, s);
      }
    }
  }

  /** Where a cell lies, in pixels. @param {number} row @param {number} column */
  place(row, column) {
    const { before, cell } = this.plan;
    return [(column + before[1]) * cell, (row + before[0]) * cell];
  }

  /** @param {CanvasRenderingContext2D} context @param {number} x @param {number} y @param {number} value */
  paintCell(context, x, y, value) {
    const { cell: s, bound, style, blank, raised } = this.plan;
    context.fillStyle = signedColor(value, bound, style.dark);
    context.fillRect(x, y, s, s);
    if (s >= 9) {
      context.strokeStyle = style.border;
      context.lineWidth = 0.5;
      context.strokeRect(x, y, s, s);
    }
    if (s < NUMBERED || blank) return;
    const text = brief(value);
    context.font = `${Math.max(9, Math.min(15, Math.floor(s * (text.length > 3 ? 0.3 : 0.4))))}px ${style.font}`;
    if (context.measureText(text).width > s - 1) return; // what does not fit is in the sum, for the chosen cell
    context.fillStyle = inkOn(value, bound, style.dark);
    context.fillText(text, x + s / 2, y + s * (raised ? 0.36 : 0.5) + 1);
  }

  /** @param {CanvasRenderingContext2D} context @param {number} x @param {number} y */
  paintPadding(context, x, y) {
    const { cell: s, style, paddingText } = this.plan;
    context.fillStyle = style.padding;
    context.fillRect(x, y, s, s);
    context.strokeStyle = style.border;
    context.lineWidth = 0.5;
    context.setLineDash([2, 2]);
    context.strokeRect(x, y, s, s);
    context.setLineDash([]);
    if (s < 18) return;
    context.fillStyle = style.muted;
    context.font = `${Math.floor(s * 0.34)}px ${style.font}`;
    context.fillText(paddingText, x + s / 2, y + s / 2 + 1);
  }

  /**
   * Paints the numbers, and over them what is lit.
   *
   * @param {object} [over]
   * @param {number[][]} [over.lit] cells [row, column] in the grid's own positions
   * @param {number[][]} [over.strong] those under the pointer
   * @param {number[] | null} [over.frame] a rectangle [top, left, rows, columns] that may lie between cells
   * @param {Note[]} [over.notes]
   */
  paint({ lit = [], strong = [], frame = null, notes = [] } = {}) {
    const context = contextOf(this.canvas);
    const s = this.plan.cell;
    context.save();
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    context.drawImage(this.base, 0, 0);
    context.restore();
    context.strokeStyle = LIT;
    context.lineWidth = Math.max(1, Math.min(2, s / 8));
    context.fillStyle = 'rgba(214, 36, 110, .25)';
    for (const [row, column] of lit) {
      const [x, y] = this.place(row, column);
      if (s >= 9) context.strokeRect(x + 1, y + 1, s - 2, s - 2);
      else context.fillRect(x, y, s, s);
    }
    context.fillStyle = 'rgba(214, 36, 110, .35)';
    context.lineWidth = 3;
    for (const [row, column] of strong) {
      const [x, y] = this.place(row, column);
      if (s < NUMBERED) context.fillRect(x, y, s, s); // where a number stands, its ground and ink stay what they are
      context.strokeRect(x + 1, y + 1, s - 2, s - 2);
    }
    if (frame) {
      const [x, y] = this.place(frame[0], frame[1]);
      context.strokeRect(x, y, frame[3] * s, frame[2] * s);
    }
    context.textAlign = 'center';
    context.textBaseline = 'middle';
    for (const note of notes) this.paintNote(context, note);
  }

  /** @param {CanvasRenderingContext2D} context @param {Note} note */
  paintNote(context, [row, column, text]) {
    const { cell: s, blank, style } = this.plan;
    const [x, y] = this.place(row, column);
    const size = blank ? Math.min(15, Math.floor(s * 0.34)) : Math.max(9, Math.floor(s * 0.23));
    context.font = `${size}px ${style.font}`;
    const width = context.measureText(text).width + 4;
    const middle = y + s * (blank ? 0.52 : 0.82);
    context.fillStyle = 'rgba(255, 255, 255, .85)'; // legible on every colour of a cell
    if (text) context.fillRect(x + (s - width) / 2, middle - size * 0.6, width, size * 1.15);
    context.fillStyle = '#a3124f';
    context.fillText(text, x + s / 2, middle);
  }

  /**
   * The cell [row, column] under a pointer, in the grid's own positions; null outside of it.
   *
   * @param {MouseEvent} event
   */
  at(event) {
    const { rows, columns, before, after, cell } = this.plan;
    const box = this.canvas.getBoundingClientRect();
    const column = Math.floor((event.clientX - box.left - 1) / cell) - before[1];
    const row = Math.floor((event.clientY - box.top - 1) / cell) - before[0];
    const inside = row >= -before[0] && row < rows + after[0];
    return inside && column >= -before[1] && column < columns + after[1] ? [row, column] : null;
  }
}

/** @param {CanvasRenderingContext2D} context @param {number} x @param {number} y @param {number} s pixels */
function hatch(context, x, y, s) {
  context.save();
  context.beginPath();
  context.rect(x, y, s, s);
  context.clip();
  context.fillStyle = 'rgba(128, 128, 128, .45)';
  context.fillRect(x, y, s, s);
  context.strokeStyle = 'rgba(60, 60, 60, .8)';
  context.lineWidth = 1;
  for (let at = -s; at < 2 * s; at += Math.max(4, s / 4)) {
    context.beginPath();
    context.moveTo(x + at, y + s);
    context.lineTo(x + at + s, y);
    context.stroke();
  }
  context.restore();
}

/** Whether two plans look the same. @param {Plan} one @param {Plan} other */
export function isSame(one, other) {
  const { values, bound, style, ...rest } = one;
  const { values: otherValues, bound: otherBound, style: otherStyle, ...otherRest } = other;
  if (style !== otherStyle || !Object.is(bound, otherBound) || values.length !== otherValues.length) return false;
  for (let i = 0; i < values.length; i += 1) if (!Object.is(values[i], otherValues[i])) return false;
  return JSON.stringify(rest) === JSON.stringify(otherRest);
}
