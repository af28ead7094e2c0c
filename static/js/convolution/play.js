// @ts-check
// When the window moves on by itself: how long an output stands, and what to wait for until the next change.

import { arrowOf } from '../lib/arrow_keys.js';
import { clampIndex } from '../lib/shapes.js';

const STEP_MS = 900; // one output while it plays; a large layer goes faster
const REST_MS = 800; // it stands still this long after something else on the page is used: that comes first

/**
 * How long each of `outputs` outputs stands, in ms.
 *
 * @param {number} outputs
 */
export const paceOf = (outputs) => Math.max(120, Math.min(STEP_MS, 40000 / outputs));

/**
 * The milliseconds until something moves; 0 where it does at the next frame.
 *
 * @param {object} times
 * @param {number} times.now
 * @param {number} times.moved when the window came to this output
 * @param {number} times.used when something else on the page was last used
 * @param {number} times.pace
 * @param {boolean} times.sliding whether the frame is on its way to this output
 */
export function pause({ now, moved, used, pace, sliding }) {
  const rest = used + REST_MS - now;
  const stand = sliding ? 0 : moved + pace - now;
  return Math.max(0, rest, stand);
}

/**
 * The output after (i, j), row by row; after the last comes the first.
 *
 * @param {number[]} cell
 * @param {number[]} out rows and columns
 */
export function nextOf([i, j], [rows, columns]) {
  const next = (i * columns + j + 1) % (rows * columns);
  return [Math.floor(next / columns), next % columns];
}

/**
 * The output to which an arrow key leads, line by line, as one reads; null for another key.
 *
 * @param {number[]} cell
 * @param {string} key
 * @param {number[]} out rows and columns
 */
export function moveByKey([i, j], key, [rows, columns]) {
  const move = arrowOf(key);
  if (!move) return null;
  let [row, column] = [i + move.rows, j + move.columns];
  if (column < 0 && row > 0) [row, column] = [row - 1, columns - 1];
  if (column >= columns && row < rows - 1) [row, column] = [row + 1, 0];
  return [clampIndex(row, rows), clampIndex(column, columns)];
}
