// @ts-check
// One drawing of a tensor: its caption with the ends of its numbers, and its cells.

import { el, fill, setText } from '../lib/dom.js';
import { exact, short } from '../lib/numbers.js';
import { shapeText } from '../lib/shapes.js';
import { TensorGrid } from './tensor_grid.js';
import { boundOf } from './tensor_layout.js';

/**
 * @typedef {import('./walk.js').Walk} Walk
 * @typedef {import('./payload.js').GroupData} GroupData
 * @typedef {import('./payload.js').PaneData & { tensor: number }} Drawn
 */

export class Pane {
  least = el('span');
  most = el('span');

  /** @param {Walk} walk @param {GroupData} group @param {Drawn} data @param {number} width */
  constructor(walk, group, data, width) {
    this.walk = walk;
    this.data = data;
    this.title = titleOf(walk, data.kind);
    const tensor = walk.step.tensors[data.tensor];
    this.grid = new TensorGrid({
      values: this.values(),
      bound: this.bound(),
      shape: tensor.shape,
      width,
      shared: walk.options.shared,
      height: group.role === 'parameter' ? 130 : 230,
      most: tensor.length <= 12 ? 44 : 24,
    });
    const { canvas } = this.grid;
    canvas.tabIndex = 0;
    canvas.setAttribute('role', 'img');
    canvas.setAttribute('aria-label', `${group.name}, ${this.title}, ${shapeText(group.shape)}`);
    const form = tensor.form ? ` · ${walk.labels[tensor.form]}` : '';
    const note = form + (tensor.cut ? ` · ${fill(walk.step.labels.cut, { count: tensor.length })}` : '');
    const legend = el('span', 'legend', this.least, el('i'), this.most);
    const caption = el('figcaption', {}, `${this.title}${note} `, legend);
    this.element = el('figure', `pane ${data.kind}`, caption, canvas);
    this.sayEnds();
  }

  /** Brings it to the numbers of the step that is shown. */
  show() {
    this.grid.take(this.values(), this.bound());
    this.sayEnds();
  }

  values() {
    const { kind, tensor } = this.data;
    const { numbers } = this.walk;
    const before = numbers.original(tensor);
    if (kind === 'what_if') return numbers.of(tensor);
    return kind === 'difference' ? numbers.of(tensor).map((number, i) => number - before[i]) : before;
  }

  /** The end of a scale that it has in common with another drawing: before and after are compared. */
  bound() {
    const { kind, tensor } = this.data;
    const { numbers } = this.walk;
    if (!numbers.isSupposed(tensor) || !['what_if', 'before'].includes(kind)) return undefined;
    const ends = [numbers.of(tensor), numbers.original(tensor)].map((each) => boundOf(each, 0, each.length));
    return Math.max(...ends);
  }

  sayEnds() {
    const { kind, tensor } = this.data;
    const { min, max } = this.walk.step.tensors[tensor];
    const isFollowing = kind === 'what_if' || kind === 'difference';
    const [least, most] = isFollowing ? endsOf(this.grid.values) : [min, max];
    setText(this.least, short(least ?? NaN));
    setText(this.most, short(most ?? NaN));
  }

  /** Its number in a cell, and the ends of the scale of the cell's map; of a shared one the caption tells them. */
  say(/** @type {number} */ flat) {
    const { walk, grid, title } = this;
    const number = `${title} ${exact(grid.values[flat])}`;
    if (walk.options.shared || grid.shape.length < 3) return number;
    const { size } = grid.layout.maps;
    const start = flat - (flat % size);
    const map = grid.values.slice(start, start + size);
    return `${number} (${walk.step.labels.in_map}: ${short(Math.min(...map))} … ${short(Math.max(...map))})`;
  }
}

/** @param {Walk} walk @param {string} kind of a drawing */
export const titleOf = (walk, kind) => walk.labels[kind === 'after' ? 'after_value' : kind] ?? kind;

/** @param {Float32Array} values */
function endsOf(values) {
  const finite = values.filter(Number.isFinite);
  return finite.length ? [finite.reduce((a, b) => Math.min(a, b)), finite.reduce((a, b) => Math.max(a, b))] : [];
}
