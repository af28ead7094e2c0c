// @ts-check
// How the cells of a tensor lie on a canvas: maps of rows and columns, as many beside each other as there is room for.

import { numel } from '../lib/shapes.js';

export const GAP = 5; // pixels between two maps

/** @typedef {{ count: number, rows: number, columns: number, size: number }} Maps `size`: cells of one map */

/**
 * Rows, columns and number of maps of a shape; a long vector is folded into rows.
 *
 * @param {readonly number[]} shape
 * @returns {Maps}
 */
export function mapsOf(shape) {
  if (shape.length === 0) return { count: 1, rows: 1, columns: 1, size: 1 };
  const last = shape[shape.length - 1];
  const rest = numel(shape.slice(0, -1));
  if (shape.length <= 2 && rest === 1) {
    const columns = last <= 16 ? last : last <= 130 ? 20 : last <= 600 ? 40 : 100;
    return { count: 1, rows: Math.ceil(last / columns), columns, size: last };
  }
  if (shape.length === 2) return { count: 1, rows: shape[0], columns: last, size: rest * last };
  const rows = shape[shape.length - 2];
  return { count: (rest / rows) | 0, rows, columns: last, size: rows * last };
}

/**
 * The largest cells with which all maps fit into width × height; a map too wide gets cells below one pixel.
 *
 * @param {Maps} maps
 * @param {number} width pixels
 * @param {number} height pixels
 * @param {number} most the largest side of a cell, in pixels
 * @returns {{ cell: number, across: number, down: number }} side of a cell, maps in a row, rows of maps
 */
export function layoutOf(maps, width, height, most = 26) {
  for (let cell = most; cell >= 1; cell -= 1) {
    const w = maps.columns * cell;
    const across = Math.max(1, Math.min(maps.count, Math.floor((width + GAP) / (w + GAP))));
    const down = Math.ceil(maps.count / across);
    if (w <= width && (down * (maps.rows * cell + GAP) <= height || cell === 1)) return { cell, across, down };
  }
  return { cell: width / maps.columns, across: 1, down: maps.count };
}

/**
 * The largest finite size of the numbers from `from` to `to`; 1 where all are 0.
 *
 * @param {ArrayLike<number>} values
 * @param {number} from
 * @param {number} to
 */
export function boundOf(values, from, to) {
  let bound = 0;
  for (let i = from; i < to; i += 1) {
    const size = Math.abs(values[i]);
    if (size > bound && size < Infinity) bound = size;
  }
  return bound || 1;
}
