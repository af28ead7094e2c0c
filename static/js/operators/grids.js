// @ts-check
// The tensors of one call as grids of numbers. Pointing at a cell lights the cells it was made of, choosing it opens
// it.

import { el } from '../lib/dom.js';
import { TensorCells } from './tensor_cells.js';

/**
 * @typedef {import('./payload.js').GridTensor} GridTensor
 * @typedef {Pick<import('./payload.js').OperatorLabels, 'rows' | 'reset'>} Labels
 * @typedef {Omit<import('./tensor_cells.js').Listener, 'point'> & { reset: () => void }} Listener
 * @typedef {{ tensor: number, at: number }} Cell
 */

/** `update` brings the grids to an answer without replacing what has the focus. */
export class Grids {
  /** @param {Listener} listener */
  constructor(listener) {
    this.listener = listener;
    this.root = el('div', 'grid');
    this.again = el('button', { type: 'button', onclick: () => this.listener.reset() }); // gives x its drawn numbers
    this.content = '';
    /** @type {TensorCells[]} */
    this.grids = [];
    /** @type {Map<string, number[][][]>} the cells that each cell of a tensor was made of: [tensor, place] */
    this.sources = new Map();
    /** @type {Cell | null} */
    this.open = null;
    /** @type {Cell | null} */
    this.pointed = null;
  }

  /**
   * @param {GridTensor[]} tensors
   * @param {Float32Array[]} numbers one array for each
   * @param {{ tensor: string, at: number } | null} cell
   * @param {Labels} labels
   */
  update(tensors, numbers, cell, labels) {
    const content = JSON.stringify([tensors, labels.rows]);
    if (content !== this.content) {
      this.content = content;
      this.sources.clear();
      this.pointed = null;
      this.build(tensors, numbers, labels);
    }
    for (const [n, grid] of this.grids.entries()) grid.paint(numbers[n]);
    this.open = cell && { tensor: tensors.findIndex(({ name }) => name === cell.tensor), at: cell.at };
    this.light();
  }

  /** Shows nothing, and forgets what is known of the cells: another operator follows. */
  clear() {
    this.content = '';
    this.root.replaceChildren();
  }

  /** @param {string} of @param {number[][][]} sources */
  know(of, sources) {
    this.sources.set(of, sources);
    this.light();
  }

  /** @param {GridTensor[]} tensors @param {Float32Array[]} numbers @param {Labels} labels */
  build(tensors, numbers, labels) {
    this.again.textContent = labels.reset;
    const rows = labels.rows.map((title) => el('div', 'grid-row', el('h3', '', title)));
    this.grids = tensors.map((tensor, n) => {
      const listener = { ...this.listener, point: (/** @type {number | null} */ at) => this.point(n, at) };
      const grid = new TensorCells(tensor, numbers[n].length, listener);
      if (tensor.edits.length) grid.heading.append(this.again);
      rows[tensor.row].append(grid.root);
      return grid;
    });
    this.root.replaceChildren(...rows.filter((row) => row.childElementCount > 1));
  }

  /** @param {number} tensor @param {number | null} at */
  point(tensor, at) {
    this.pointed = at === null ? null : { tensor, at };
    this.light();
  }

  /** Lights the cells that the pointed cell was made of; without one, those of the opened cell. */
  light() {
    for (const { cells } of this.grids) for (const cell of cells) cell.classList.remove('lit', 'open');
    const now = this.pointed ?? this.open;
    const grid = now && this.grids[now.tensor];
    if (!grid) return;
    grid.cells[now.at]?.classList.add('open');
    const sources = this.sources.get(grid.tensor.name)?.[now.at] ?? [];
    for (const [tensor, from] of sources) this.grids[tensor]?.cells[from]?.classList.add('lit');
  }
}
