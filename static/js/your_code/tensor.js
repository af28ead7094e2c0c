// @ts-check
// One tensor: name, shape, dtype, device, graph, a few numbers, and its first matrix as a grid.

import { el, fill } from '../lib/dom.js';
import { cellText, short } from '../lib/numbers.js';
import { inkOn, signed } from '../lib/palette.js';
import { numel } from '../lib/shape.js';
import { sizes } from './result.js';

/** @typedef {import('./payload.d.ts').TensorData} TensorData */
/** @typedef {import('./payload.d.ts').GridData} GridData */
/** @typedef {import('./payload.d.ts').ViewerWords} ViewerWords */

const MOST_WRITTEN = 8; // columns of a grid that is written in numbers
const MOST_ROWS = 12;
const WIDTH = 168; // pixels of a grid that is painted

/**
 * @param {TensorData} tensor
 * @param {GridData[]} grids
 * @param {ViewerWords} words
 * @param {string} [name]
 */
export function tensorBox(tensor, grids, words, name = tensor.name) {
  const { values, requires_grad: requires, grad_fn: made } = tensor;
  const grid = grids[tensor.grid];
  const graph = made ? `grad_fn=${made}` : requires ? 'requires_grad=True' : '';
  return el(
    'figure',
    'tensor',
    el('figcaption', {}, name && el('b', {}, name), ` ${sizes(tensor.shape)} ${tensor.dtype}`),
    el('small', {}, [tensor.device, graph].filter(Boolean).join(' · ')),
    'min' in values
      ? el(
          'small',
          {},
          fill(words.numbers, { min: short(values.min), max: short(values.max), mean: short(values.mean) }),
        )
      : null,
    grid ? gridOf(grid, tensor, words, name) : null,
  );
}

/** @param {GridData} grid @param {TensorData} tensor @param {ViewerWords} words @param {string} name */
function gridOf(grid, tensor, words, name) {
  const rows = grid.numbers.length / grid.columns;
  const bound = Math.max(...grid.numbers.map(Number).filter(Number.isFinite).map(Math.abs), 1e-12);
  const whole = numel(tensor.shape);
  const part = whole > grid.numbers.length ? el('small', 'part', partText(grid, tensor, words, rows)) : null;
  const drawn =
    grid.columns <= MOST_WRITTEN && rows <= MOST_ROWS ? written(grid, bound) : painted(grid, rows, bound, name);
  return el('div', 'grid-of', drawn, part);
}

/** @param {GridData} grid @param {TensorData} tensor @param {ViewerWords} words @param {number} rows */
function partText(grid, tensor, words, rows) {
  const first = tensor.shape.slice(0, -2).map(() => '0');
  const index = [...first, ...(tensor.shape.length > 1 ? [`:${rows}`] : []), `:${grid.columns}`];
  return fill(words.part, { index: `[${index.join(', ')}]` });
}

/** @param {GridData} grid @param {number} bound */
function written({ numbers, columns }, bound) {
  const table = el('div', { class: 'cells', style: `grid-template-columns: repeat(${columns}, auto)` });
  for (const value of numbers) {
    const known = Number.isFinite(Number(value)) ? Number(value) : 0;
    const colours = `background: ${signed(known, bound)}; color: ${inkOn(known, bound)}`;
    table.append(el('span', { style: colours, title: String(value) }, cellText(value)));
  }
  return el('div', 'scroll', table);
}

/** @param {GridData} grid @param {number} rows @param {number} bound @param {string} name */
function painted({ numbers, columns }, rows, bound, name) {
  const side = Math.max(4, Math.floor(WIDTH / columns));
  const canvas = el('canvas', { width: columns * side, height: rows * side, role: 'img', 'aria-label': name });
  const said = el('small', 'here', '\u00a0');
  const pen = canvas.getContext('2d');
  for (const [i, value] of numbers.entries()) {
    if (!pen) break;
    pen.fillStyle = Number.isFinite(Number(value)) ? signed(Number(value), bound) : '#d6006c';
    pen.fillRect((i % columns) * side, Math.floor(i / columns) * side, side, side);
  }
  canvas.addEventListener('pointermove', ({ offsetX, offsetY }) => {
    const column = Math.floor((offsetX / canvas.clientWidth) * columns);
    const row = Math.floor((offsetY / canvas.clientHeight) * rows);
    const value = numbers[row * columns + column];
    if (value !== undefined) said.textContent = `[${row}, ${column}] ${cellText(value)}`;
  });
  canvas.addEventListener('pointerleave', () => {
    said.textContent = '\u00a0';
  });
  return el('div', {}, canvas, said);
}
