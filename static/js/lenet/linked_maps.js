// @ts-check
// The drawings beside an opened number: its own map, and those of the cells that made it, linked with the terms.

import { el, fill } from '../lib/dom.js';
import { ravel, shapeText, unravel } from '../lib/shapes.js';
import { TensorGrid } from './tensor_grid.js';
import { mapsOf } from './tensor_layout.js';

const MOST_MAPS = 16;

/**
 * @typedef {import('./walk.js').Walk} Walk
 * @typedef {import('./payload.js').OpenedCellData} OpenedCellData
 * @typedef {Map<number, number[]>} Cells of a tensor, each with the terms that it is in
 * @typedef {{ tensor: number, grid: TensorGrid, cells: Cells }} Source
 */

export class LinkedMaps {
  /** @type {Source[]} */
  sources = [];
  /** @type {HTMLElement[]} the terms */
  items = [];
  /** @type {{ tensor: number, grid: TensorGrid } | null} the map of the opened number */
  target = null;

  /** @param {Walk} walk @param {OpenedCellData} answer @param {Map<string, Cells>} cells by the tensors' names */
  constructor(walk, answer, cells) {
    this.walk = walk;
    const whole = answer.tensor === null ? '' : this.drawTarget(answer, answer.tensor);
    const sources = [...cells].map(([name, of]) => this.drawSource(name, answer.sources[name], of));
    this.element = el('div', { class: 'maps' }, whole, ...sources);
  }

  /** Brings the drawings to the numbers of the step that is shown. */
  show() {
    const { target, sources } = this;
    for (const { tensor, grid } of [...(target ? [target] : []), ...sources]) grid.take(this.numbersOf(tensor));
  }

  /** Links the drawings with the terms. @param {HTMLElement[]} items */
  link(items) {
    if (items === this.items) return;
    this.items = items;
    for (const [i, item] of items.entries()) {
      item.addEventListener('pointerenter', () => this.point(i));
      item.addEventListener('pointerleave', () => this.point(null));
    }
  }

  /** Points at the cells of a term. @param {number | null} term */
  point(term) {
    for (const { grid, cells } of this.sources) {
      const source = term === null ? undefined : [...cells].find(([, terms]) => terms.includes(term));
      grid.point(source?.[0] ?? null);
    }
  }

  /** In the arithmetic of a value they are those of the what-if, of a gradient those of the step. */
  numbersOf(/** @type {number} */ tensor) {
    const { cell, numbers } = this.walk;
    return cell?.kind === 'value' ? numbers.of(tensor) : numbers.original(tensor);
  }

  /** @param {number} tensor @param {{ only: number[], height: number }} room */
  gridOf(tensor, { only, height }) {
    const { walk } = this;
    return new TensorGrid({
      values: this.numbersOf(tensor),
      shape: walk.step.tensors[tensor].shape,
      only,
      width: walk.stage.halfWidth(),
      height,
      most: 22,
      shared: walk.options.shared,
    });
  }

  /**
   * One tensor that the terms name: only the maps with lit cells, linked to the terms in both directions.
   *
   * @param {string} name @param {number} tensor @param {Cells} cells
   */
  drawSource(name, tensor, cells) {
    const { labels, tensors } = this.walk.step;
    const { shape } = tensors[tensor];
    const { size } = mapsOf(shape);
    const maps = [...new Set([...cells.keys()].map((flat) => Math.floor(flat / size)))].sort((a, b) => a - b);
    const only = maps.slice(0, MOST_MAPS);
    const grid = this.gridOf(tensor, { only, height: 210 });
    grid.light([...cells.keys()]);
    this.sources.push({ tensor, grid, cells });
    grid.canvas.addEventListener('pointermove', (event) => {
      const flat = grid.at(event);
      this.pointFrom(grid, flat, (flat !== null && cells.get(flat)) || []);
    });
    const more = maps.length > only.length ? ` · ${only.length} / ${maps.length}` : '';
    const sentence = fill(labels.cells_from, { count: cells.size });
    const title = `${name === 'grad_output' ? 'g = ∂L/∂y' : name} ${shapeText(shape)} · ${sentence}${more}`;
    return el(
      'figure',
      { class: 'pane source', 'data-source': name, 'data-lit': cells.size },
      el('figcaption', {}, title),
      grid.canvas,
    );
  }

  /**
   * Points at a cell and the terms that it is in.
   *
   * @param {TensorGrid} grid @param {number | null} flat @param {number[]} terms
   */
  pointFrom(grid, flat, terms) {
    const { items } = this;
    grid.point(terms.length ? flat : null);
    for (const [i, item] of items.entries()) item.classList.toggle('strong', terms.includes(i));
    const first = items[terms[0]];
    const list = first?.parentElement;
    if (list) list.scrollTop = first.offsetTop - list.offsetTop - 60;
  }

  /**
   * The opened cell in its own map, enlarged; a click or the arrow keys open its neighbours.
   *
   * @param {OpenedCellData} answer @param {number} tensor
   */
  drawTarget(answer, tensor) {
    const { walk } = this;
    const { shape } = walk.step.tensors[tensor];
    const flat = ravel(answer.index, shape);
    const grid = this.gridOf(tensor, { only: [Math.floor(flat / mapsOf(shape).size)], height: 240 });
    grid.point(flat);
    this.target = { tensor, grid };
    const open = (/** @type {number | null} */ next) => {
      if (walk.cell && next !== null && next !== flat)
        walk.open({ ...walk.cell, index: unravel(next, shape) }, true);
    };
    const { canvas } = grid;
    canvas.tabIndex = 0;
    canvas.setAttribute('role', 'img');
    canvas.setAttribute('aria-label', answer.title);
    canvas.addEventListener('click', (event) => open(grid.at(event)));
    canvas.addEventListener('keydown', (event) => {
      if (!event.key.startsWith('Arrow')) return;
      event.preventDefault();
      event.stopPropagation();
      open(grid.layout.moved(flat, event.key));
    });
    const title = `${nameOf(walk.cell, answer)} ${shapeText(shape)}`;
    return el('figure', { class: 'pane target' }, el('figcaption', {}, title), canvas);
  }
}

/**
 * What the opened number is called: a gradient is ∂L/∂ of its tensor.
 *
 * @param {{ kind?: string } | null} cell @param {OpenedCellData} answer
 */
export const nameOf = (cell, { title }) => `${cell?.kind === 'grad' ? '∂L/∂ ' : ''}${title}`;

/**
 * The cells of the tensors that the terms name, and which terms each is in.
 *
 * @param {Walk} walk @param {OpenedCellData} answer
 */
export function cellsOf(walk, { explanation, sources }) {
  /** @type {Map<string, Cells>} */
  const cells = new Map();
  (explanation?.terms ?? []).forEach(([, , factors], term) => {
    for (const [, , name, index] of factors) {
      if (name === null || !(name in sources) || !index) continue;
      const flat = ravel(index, walk.step.tensors[sources[name]].shape);
      const terms = cells.get(name) ?? new Map();
      cells.set(name, terms.set(flat, [...(terms.get(flat) ?? []), term]));
    }
  });
  return cells;
}
