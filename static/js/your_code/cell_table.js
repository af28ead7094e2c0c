// @ts-check
// A matrix with few cells, written in numbers; arrows move from cell to cell where these can be opened.

import { el } from '../lib/dom.js';
import { cellText } from '../lib/numbers.js';
import { cellColours } from '../lib/palette.js';
import { indexOf, movedCell } from './tensor_model.js';

/** @typedef {(index: number[], from: HTMLElement) => void} Open */

/**
 * @param {import('./payload.d.ts').GridData} grid
 * @param {number} bound the largest absolute value
 * @param {number[]} shape of the tensor
 * @param {Open | null} open opens a cell
 */
export function cellTable({ numbers, columns }, bound, shape, open) {
  const table = el('div', { class: 'cells', style: `grid-template-columns: repeat(${columns}, auto)` });
  const cells = numbers.map((value, i) => {
    const number = Number(value);
    const { background, color } = cellColours(Number.isFinite(number) ? number : 0, bound);
    const style = `background: ${background}; color: ${color}`;
    if (!open) return el('span', { style, title: String(value) }, cellText(value));
    const index = indexOf(shape, i, columns);
    const name = `[${index.join(', ')}] ${value}`;
    const onclick = () => open(index, table);
    const facts = { type: 'button', style, title: name, 'aria-label': name, tabindex: i ? -1 : 0, onclick };
    return el('button', facts, cellText(value));
  });
  table.append(...cells);
  if (open) table.addEventListener('keydown', (event) => moveIn(cells, columns, event));
  return el('div', 'scroll', table);
}

/** @param {HTMLElement[]} cells @param {number} columns @param {KeyboardEvent} event */
function moveIn(cells, columns, event) {
  const at = cells.findIndex((cell) => event.composedPath().includes(cell));
  const next = movedCell(at, event.key, columns, cells.length);
  if (at < 0 || next === null) return;
  event.preventDefault();
  cells[at].tabIndex = -1;
  cells[next].tabIndex = 0;
  cells[next].focus();
}
