// @ts-check
// Cells that a CSS grid lays out, in rows for a screen reader: it says the row and the column of each number.

import { el } from './dom.js';

const IN_GRID = 'display: contents'; // the rows take no part in the layout

/**
 * @param {Element[]} cells row by row
 * @param {number} columns
 */
export function rowsOf(cells, columns) {
  const rows = [];
  for (let at = 0; at < cells.length; at += columns) {
    const row = cells.slice(at, at + columns).map((cell) => el('div', { role: 'cell', style: IN_GRID }, cell));
    rows.push(el('div', { role: 'row', style: IN_GRID }, ...row));
  }
  return rows;
}
