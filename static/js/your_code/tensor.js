// @ts-check
// One tensor: name, shape, dtype, device, graph, a few numbers, and its first matrix as a grid.

import { el, fill } from '../lib/dom.js';
import { cellText, short } from '../lib/numbers.js';
import { cellColours, signedColor } from '../lib/palette.js';
import { numel } from '../lib/shapes.js';
import { isPageDark, onTheme } from '../lib/theme.js';
import { sizes } from './result.js';
import { indexOf, movedCell } from './tensor_model.js';

/** @typedef {import('./payload.d.ts').TensorData} TensorData */
/** @typedef {import('./payload.d.ts').GridData} GridData */
/** @typedef {import('./payload.d.ts').ViewerWords} ViewerWords */
/** @typedef {(index: number[], from: HTMLElement) => void} Open */

const MOST_WRITTEN = 8; // columns of a grid that is written in numbers
const MOST_ROWS = 12;
const WIDTH = 168; // pixels of a grid that is painted
const FEW_ROWS = 6;
const HIGH = 18; // pixels of a cell where rows are few

/**
 * @param {TensorData} tensor
 * @param {GridData[]} grids
 * @param {ViewerWords} words
 * @param {string} [name]
 * @param {Open | null} [open] opens a cell
 */
export function tensorBox(tensor, grids, words, name = tensor.name, open = null) {
  const { values, requires_grad: requires, grad_fn: node } = tensor;
  const { min, max, mean } = values;
  const grid = grids[tensor.grid];
  const graph = node ? `grad_fn=${node}` : requires ? 'requires_grad=True' : '';
  return el(
    'figure',
    'tensor',
    el('figcaption', {}, name && el('b', {}, name), ` ${sizes(tensor.shape)} ${tensor.dtype}`),
    el('small', {}, [tensor.device, graph].filter(Boolean).join(' · ')),
    min !== undefined && max !== undefined && mean !== undefined
      ? el('small', {}, fill(words.numbers, { min: short(min), max: short(max), mean: short(mean) }))
      : null,
    grid ? gridOf(grid, tensor, words, name, open) : null,
  );
}

/** @param {GridData} grid @param {TensorData} tensor @param {ViewerWords} words @param {string} name @param {Open | null} open */
function gridOf(grid, tensor, words, name, open) {
  const rows = grid.numbers.length / grid.columns;
  const bound = Math.max(...grid.numbers.map(Number).filter(Number.isFinite).map(Math.abs), 1e-12);
  const whole = numel(tensor.shape);
  const part = whole > grid.numbers.length ? el('small', 'part', partText(grid, tensor, words, rows)) : null;
  const picture =
    grid.columns <= MOST_WRITTEN && rows <= MOST_ROWS
      ? cellTable(grid, bound, tensor, open)
      : painted(grid, rows, bound, name, tensor, open);
  return el('div', 'grid-of', picture, part);
}

/** @param {GridData} grid @param {TensorData} tensor @param {ViewerWords} words @param {number} rows */
function partText(grid, tensor, words, rows) {
  const first = tensor.shape.slice(0, -2).map(() => '0');
  const index = [...first, ...(tensor.shape.length > 1 ? [`:${rows}`] : []), `:${grid.columns}`];
  return fill(words.part, { index: `[${index.join(', ')}]` });
}

/** @param {GridData} grid @param {number} bound @param {TensorData} tensor @param {Open | null} open */
function cellTable({ numbers, columns }, bound, { shape }, open) {
  const table = el('div', { class: 'cells', style: `grid-template-columns: repeat(${columns}, auto)` });
  for (const [i, value] of numbers.entries()) {
    const finite = Number.isFinite(Number(value)) ? Number(value) : 0;
    const { background, color } = cellColours(finite, bound);
    const style = `background: ${background}; color: ${color}`;
    if (!open) {
      table.append(el('span', { style, title: String(value) }, cellText(value)));
      continue;
    }
    const index = indexOf(shape, i, columns);
    const name = `[${index.join(', ')}] ${value}`;
    const cell = el('button', { type: 'button', style, title: name, 'aria-label': name }, cellText(value));
    cell.tabIndex = i ? -1 : 0;
    cell.addEventListener('click', () => open(index, table));
    table.append(cell);
  }
  if (open) table.addEventListener('keydown', (event) => moveIn(table, columns, event));
  return el('div', 'scroll', table);
}

/** Arrows move from cell to cell. @param {HTMLElement} table @param {number} columns @param {KeyboardEvent} event */
function moveIn(table, columns, event) {
  const cells = /** @type {HTMLElement[]} */ ([...table.children]);
  const at = cells.indexOf(/** @type {HTMLElement} */ (event.target));
  const next = movedCell(at, event.key, columns, cells.length);
  if (at < 0 || next === null) return;
  event.preventDefault();
  cells[at].tabIndex = -1;
  cells[next].tabIndex = 0;
  cells[next].focus();
}

/** @param {GridData} grid @param {number} rows @param {number} bound @param {string} name @param {TensorData} tensor @param {Open | null} open */
function painted({ numbers, columns }, rows, bound, name, { shape }, open) {
  const side = Math.max(4, Math.floor(WIDTH / columns));
  const high = rows < FEW_ROWS ? Math.max(side, HIGH) : side; // a vector can be pressed too
  const canvas = el('canvas', { width: columns * side, height: rows * high, role: 'img', 'aria-label': name });
  const status = el('small', { class: 'here', 'aria-live': 'polite' }, '\u00a0');
  const pen = canvas.getContext('2d');
  let at = -1;
  const paint = () => {
    const dark = isPageDark();
    for (const [i, value] of numbers.entries()) {
      if (!pen) break;
      pen.fillStyle = Number.isFinite(Number(value)) ? signedColor(Number(value), bound, dark) : '#d6006c';
      pen.fillRect((i % columns) * side, Math.floor(i / columns) * high, side, high);
    }
  };
  const point = (/** @type {number} */ cell) => {
    at = cell;
    const [row, column] = [Math.floor(at / columns), at % columns];
    status.textContent = `[${row}, ${column}] ${cellText(numbers[at])}`;
    if (!open || !pen) return;
    paint();
    pen.strokeStyle = '#d6006c';
    pen.lineWidth = 2;
    pen.strokeRect(column * side + 1, row * high + 1, side - 2, high - 2);
  };
  const under = (/** @type {PointerEvent | MouseEvent} */ { offsetX, offsetY }) => {
    const column = Math.floor((offsetX / canvas.clientWidth) * columns);
    const row = Math.floor((offsetY / canvas.clientHeight) * rows);
    return row * columns + column in numbers && column < columns ? row * columns + column : -1;
  };
  paint();
  onTheme(canvas, paint);
  canvas.addEventListener('pointermove', (event) => {
    const cell = under(event);
    if (cell >= 0) point(cell);
  });
  if (open) {
    const show = () => at >= 0 && open(indexOf(shape, at, columns), canvas);
    canvas.tabIndex = 0;
    canvas.classList.add('opens');
    canvas.addEventListener('click', (event) => {
      const cell = under(event);
      if (cell >= 0) point(cell);
      show();
    });
    canvas.addEventListener('keydown', (event) => {
      if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey) show();
      const next = movedCell(Math.max(0, at), event.key, columns, numbers.length);
      if (next === null) return;
      event.preventDefault();
      point(at < 0 ? 0 : next);
    });
  }
  return el('div', {}, canvas, status);
}
