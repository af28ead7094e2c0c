// @ts-check
// One grid of numbers on a canvas: its cells are painted once, and what is lit is painted over them.

import { brief } from '../lib/numbers.js';
import { inkOn, signed } from '../lib/palette.js';

const NUMBERED = 19; // pixels: from this size on a cell shows its number
const LIT = '#d6246e'; // seen on blue, orange, white and black alike

/**
 * The colours and the font of a grid, from Streamlit's theme.
 *
 * @param {Element} root
 */
export function styleOf(root, paddingText = '') {
  const styles = getComputedStyle(root);
  const read = (/** @type {string} */ name, /** @type {string} */ other) =>
    styles.getPropertyValue(name).trim() || other;
  return {
    border: 'rgba(128, 128, 128, .55)',
    muted: read('--st-text-color', '#888'),
    padding: read('--st-secondary-background-color', '#eee'),
    font: read('--st-font', 'sans-serif'),
    paddingText,
  };
}

export class Grid {
  // before/after: cells of padding (top, left) and (bottom, right) around rows × columns values.
  constructor(name, channel) {
    this.name = name;
    this.channel = channel;
    this.canvas = document.createElement('canvas');
    this.canvas.setAttribute('aria-hidden', 'true');
    this.canvas.dataset.grid = name;
    this.canvas.dataset.channel = channel;
    this.base = document.createElement('canvas');
  }

  set({
    rows,
    columns,
    values,
    bound,
    before = [0, 0],
    after = [0, 0],
    unreached = [[], []],
    cell,
    style,
    blank = false,
    raised = false,
  }) {
    this.rows = rows;
    this.columns = columns;
    this.values = values;
    this.bound = bound;
    this.before = before;
    this.after = after;
    this.cell = cell;
    this.style = style;
    this.blank = blank;
    this.raised = raised;
    this.unreached = [new Set(unreached[0]), new Set(unreached[1])];
    this.allRows = rows + before[0] + after[0];
    this.allColumns = columns + before[1] + after[1];
    const ratio = window.devicePixelRatio || 1;
    for (const canvas of [this.canvas, this.base]) {
      canvas.width = Math.ceil((this.allColumns * cell + 2) * ratio);
      canvas.height = Math.ceil((this.allRows * cell + 2) * ratio);
      canvas.getContext('2d').setTransform(ratio, 0, 0, ratio, ratio, ratio);
    }
    this.canvas.style.width = `${this.allColumns * cell + 2}px`;
    this.canvas.style.height = `${this.allRows * cell + 2}px`;
    this.paintBase();
  }

  value(row, column) {
    const inside = row >= 0 && row < this.rows && column >= 0 && column < this.columns;
    return inside ? this.values[row * this.columns + column] : null;
  }

  paintBase() {
    const context = this.base.getContext('2d');
    const s = this.cell;
    context.clearRect(-1, -1, this.base.width, this.base.height);
    context.textAlign = 'center';
    context.textBaseline = 'middle';
    for (let y = 0; y < this.allRows; y++) {
      for (let x = 0; x < this.allColumns; x++) {
        const [row, column] = [y - this.before[0], x - this.before[1]];
        const value = this.value(row, column);
        if (value === null) this.paintPadding(context, x * s, y * s, s);
        else this.paintCell(context, x * s, y * s, s, value);
        if (value !== null && (this.unreached[0].has(row) || this.unreached[1].has(column))) {
          this.hatch(context, x * s, y * s, s);
        }
      }
    }
  }

  paintCell(context, x, y, s, value) {
    context.fillStyle = signed(value, this.bound);
    context.fillRect(x, y, s, s);
    if (s >= 9) {
      context.strokeStyle = this.style.border;
      context.lineWidth = 0.5;
      context.strokeRect(x, y, s, s);
    }
    const text = this.blank ? '' : brief(value);
    if (s < NUMBERED) return;
    context.font = `${Math.max(9, Math.min(15, Math.floor(s * (text.length > 3 ? 0.3 : 0.4))))}px ${this.style.font}`;
    if (context.measureText(text).width > s - 1) return; // what does not fit is in the sum, for the chosen cell
    context.fillStyle = inkOn(value, this.bound);
    context.fillText(text, x + s / 2, y + s * (this.raised ? 0.36 : 0.5) + 1);
  }

  paintPadding(context, x, y, s) {
    context.fillStyle = this.style.padding;
    context.fillRect(x, y, s, s);
    context.strokeStyle = this.style.border;
    context.lineWidth = 0.5;
    context.setLineDash([2, 2]);
    context.strokeRect(x, y, s, s);
    context.setLineDash([]);
    if (s < 18) return;
    context.fillStyle = this.style.muted;
    context.font = `${Math.floor(s * 0.34)}px ${this.style.font}`;
    context.fillText(this.style.paddingText, x + s / 2, y + s / 2 + 1);
  }

  hatch(context, x, y, s) {
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

  // lit: cells [row, column] in the grid's own positions; strong: those under the pointer; frame: a rectangle
  // [top, left, rows, columns] that may lie between cells while it moves; notes: [row, column, text].
  paint({ lit = [], strong = [], frame = null, notes = [] } = {}) {
    const context = this.canvas.getContext('2d');
    const s = this.cell;
    context.save();
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    context.drawImage(this.base, 0, 0);
    context.restore();
    const place = ([row, column]) => [(column + this.before[1]) * s, (row + this.before[0]) * s];
    context.strokeStyle = LIT;
    context.lineWidth = Math.max(1, Math.min(2, s / 8));
    context.fillStyle = 'rgba(214, 36, 110, .25)';
    for (const cell of lit) {
      const [x, y] = place(cell);
      if (s >= 9) context.strokeRect(x + 1, y + 1, s - 2, s - 2);
      else context.fillRect(x, y, s, s);
    }
    for (const cell of strong) {
      const [x, y] = place(cell);
      context.fillStyle = 'rgba(214, 36, 110, .35)';
      if (s < NUMBERED) context.fillRect(x, y, s, s); // where a number stands, its ground and ink stay what they are
      context.lineWidth = 3;
      context.strokeRect(x + 1, y + 1, s - 2, s - 2);
    }
    if (frame) {
      const [x, y] = place(frame);
      context.lineWidth = 3;
      context.strokeRect(x, y, frame[3] * s, frame[2] * s);
    }
    context.textAlign = 'center';
    context.textBaseline = 'middle';
    for (const [row, column, text] of notes) {
      const [x, y] = place([row, column]);
      const size = this.blank ? Math.min(15, Math.floor(s * 0.34)) : Math.max(9, Math.floor(s * 0.23));
      context.font = `${size}px ${this.style.font}`;
      const width = context.measureText(text).width + 4;
      const middle = y + s * (this.blank ? 0.52 : 0.82);
      context.fillStyle = 'rgba(255, 255, 255, .85)'; // legible on every colour of a cell
      if (text) context.fillRect(x + (s - width) / 2, middle - size * 0.6, width, size * 1.15);
      context.fillStyle = '#a3124f';
      context.fillText(text, x + s / 2, middle);
    }
  }

  // The cell [row, column] under a pointer, in the grid's own positions; null outside of it.
  at(event) {
    const box = this.canvas.getBoundingClientRect();
    const column = Math.floor((event.clientX - box.left - 1) / this.cell) - this.before[1];
    const row = Math.floor((event.clientY - box.top - 1) / this.cell) - this.before[0];
    const rows = row >= -this.before[0] && row < this.rows + this.after[0];
    return rows && column >= -this.before[1] && column < this.columns + this.after[1] ? [row, column] : null;
  }
}
