// @ts-check
// A matrix with many cells, painted in colours; the cell under the pointer, or at which the keys are, is named.

import { el } from '../lib/dom.js';
import { cellText } from '../lib/numbers.js';
import { signedColor } from '../lib/palette.js';
import { isPageDark, onTheme } from '../lib/theme.js';
import { movedCell } from './tensor_model.js';

const WIDTH = 168; // pixels
const FEW_ROWS = 6;
const HIGH = 18; // pixels of a cell where rows are few: a vector can be pressed too
const MARK = '#d6006c'; // of the cell that is named, and of what is no number

export class PaintedGrid {
  /**
   * @param {import('./payload.d.ts').GridData} grid
   * @param {number} bound the largest absolute value
   * @param {string} name
   * @param {((cell: number, from: HTMLElement) => void) | null} open opens a cell
   */
  constructor({ numbers, columns }, bound, name, open) {
    this.numbers = numbers;
    this.columns = columns;
    this.bound = bound;
    this.open = open;
    this.at = -1;
    this.rows = numbers.length / columns;
    this.width = Math.max(4, Math.floor(WIDTH / columns)); // of a cell
    this.height = this.rows < FEW_ROWS ? Math.max(this.width, HIGH) : this.width;
    const size = { width: columns * this.width, height: this.rows * this.height };
    this.canvas = el('canvas', { ...size, role: 'img', 'aria-label': name });
    this.status = el('small', { class: 'here', 'aria-live': 'polite' }, '\u00a0');
    this.element = el('div', {}, this.canvas, this.status);
    this.pen = this.canvas.getContext('2d');
    this.paint();
    onTheme(this.canvas, () => this.paint());
    this.canvas.addEventListener('pointermove', (event) => this.point(this.cellAt(event)));
    if (open) this.listen();
  }

  /** Lets a cell be opened, with the pointer or with keys. */
  listen() {
    this.canvas.tabIndex = 0;
    this.canvas.classList.add('opens');
    this.canvas.addEventListener('click', (event) => {
      this.point(this.cellAt(event));
      this.openCell();
    });
    this.canvas.addEventListener('keydown', (event) => this.press(event));
  }

  openCell() {
    if (this.at >= 0) this.open?.(this.at, this.canvas);
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey) this.openCell();
    const next = movedCell(Math.max(0, this.at), event.key, this.columns, this.numbers.length);
    if (next === null) return;
    event.preventDefault();
    this.point(this.at < 0 ? 0 : next);
  }

  paint() {
    const { pen, columns, width, height } = this;
    if (!pen) return;
    const dark = isPageDark();
    for (const [i, value] of this.numbers.entries()) {
      const number = Number(value);
      pen.fillStyle = Number.isFinite(number) ? signedColor(number, this.bound, dark) : MARK;
      pen.fillRect((i % columns) * width, Math.floor(i / columns) * height, width, height);
    }
  }

  /** Names a cell, and frames it where it can be opened. @param {number} cell -1 for none */
  point(cell) {
    if (cell < 0) return;
    this.at = cell;
    const { pen, columns, width, height } = this;
    const [row, column] = [Math.floor(cell / columns), cell % columns];
    this.status.textContent = `[${row}, ${column}] ${cellText(this.numbers[cell])}`;
    if (!this.open || !pen) return;
    this.paint();
    pen.strokeStyle = MARK;
    pen.lineWidth = 2;
    pen.strokeRect(column * width + 1, row * height + 1, width - 2, height - 2);
  }

  /** The cell under the pointer; -1 where there is none. @param {MouseEvent} event */
  cellAt({ offsetX, offsetY }) {
    const column = Math.floor((offsetX / this.canvas.clientWidth) * this.columns);
    const cell = Math.floor((offsetY / this.canvas.clientHeight) * this.rows) * this.columns + column;
    return cell in this.numbers && column < this.columns ? cell : -1;
  }
}
