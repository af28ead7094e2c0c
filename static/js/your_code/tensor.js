// @ts-check
// One tensor: name, shape, dtype, device, graph, a few numbers, and its first matrix as a grid.

import { el, fill } from '../lib/dom.js';
import { short } from '../lib/numbers.js';
import { numel } from '../lib/shapes.js';
import { cellTable } from './cell_table.js';
import { PaintedGrid } from './painted_grid.js';
import { sizes } from './result.js';
import { indexOf } from './tensor_model.js';

/** @typedef {import('./payload.d.ts').TensorData} TensorData */
/** @typedef {import('./payload.d.ts').GridData} GridData */
/** @typedef {import('./payload.d.ts').ViewerWords} ViewerWords */
/** @typedef {import('./cell_table.js').Open} Open */

const MOST_WRITTEN = 8; // columns of a grid that is written in numbers
const MOST_ROWS = 12;

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

/**
 * @param {GridData} grid
 * @param {TensorData} tensor
 * @param {ViewerWords} words
 * @param {string} name
 * @param {Open | null} open
 */
function gridOf(grid, tensor, words, name, open) {
  const rows = grid.numbers.length / grid.columns;
  const bound = Math.max(...grid.numbers.map(Number).filter(Number.isFinite).map(Math.abs), 1e-12);
  const whole = numel(tensor.shape);
  const part = whole > grid.numbers.length ? el('small', 'part', partText(grid, tensor, words, rows)) : null;
  const openCell = (/** @type {number} */ cell, /** @type {HTMLElement} */ from) =>
    open?.(indexOf(tensor.shape, cell, grid.columns), from);
  const picture =
    grid.columns <= MOST_WRITTEN && rows <= MOST_ROWS
      ? cellTable(grid, bound, tensor.shape, open)
      : new PaintedGrid(grid, bound, name, open && openCell).element;
  return el('div', 'grid-of', picture, part);
}

/** @param {GridData} grid @param {TensorData} tensor @param {ViewerWords} words @param {number} rows */
function partText(grid, tensor, words, rows) {
  const first = tensor.shape.slice(0, -2).map(() => '0');
  const index = [...first, ...(tensor.shape.length > 1 ? [`:${rows}`] : []), `:${grid.columns}`];
  return fill(words.part, { index: `[${index.join(', ')}]` });
}
