// @ts-check
// Where the sliding window stands: the cell that is looked at, what meets there, and which cells that lights.

import { brief } from '../lib/numbers.js';
import { clampIndex } from '../lib/shapes.js';
import { index, meetings } from './geometry.js';
import { moveByKey, nextOf } from './play.js';
import { arithmetic } from './sum.js';

/**
 * @typedef {import('./sum.js').Scene} Scene
 * @typedef {import('./sum.js').Term} Term
 * @typedef {import('./geometry.js').Meeting} Meeting
 * @typedef {'input' | 'weight' | 'output'} GridName
 * @typedef {'play' | 'hover' | 'pin'} Mode
 *
 * @typedef {object} Focus the cell that is looked at
 * @property {GridName} grid
 * @property {number[]} cell row and column
 * @property {number} channel
 */

/** @param {number[]} cell @returns {Focus} */
const output = (cell) => ({ grid: 'output', cell, channel: 0 });

/** @param {number[][]} cells */
const unique = (cells) => [...new Map(cells.map((cell) => [String(cell), cell])).values()];

export class Sliding {
  /** @param {Scene} data @param {Mode} mode unless the data pin a cell */
  constructor(data, mode) {
    this.data = data;
    this.mode = data.pin ? 'pin' : mode;
    /** @type {number[] | null} the output that the window is leaving */
    this.previous = null;
    /** @type {Term | null} the product under the pointer */
    this.term = null;
    /** @type {ReturnType<typeof index> | null} */
    this.inverse = null;
    this.focus = output(data.pin ?? [0, 0]);
    /** @type {Meeting[]} */
    this.met = [];
    /** @type {import('./sum.js').Sum | null} of the output that is looked at */
    this.result = null;
    this.take(data);
  }

  /** What goes in and the window are shown alone, where nothing can come out. */
  get apart() {
    return !this.data.y.length;
  }

  /** @param {Scene} data */
  take(data) {
    this.data = data;
    this.inverse = null;
    const at = this.focus.grid === 'output' ? this.focus.cell : [0, 0];
    this.stand(output(at.map((each, side) => clampIndex(each, data.out[side]))));
  }

  /** @param {Focus} focus */
  stand(focus) {
    this.focus = focus;
    this.term = null;
    this.met = this.apart ? [] : this.meetingsOf(focus);
    const isOutput = focus.grid === 'output' && !this.apart;
    this.result = isOutput ? arithmetic(this.data, this.met, focus.cell[0], focus.cell[1]) : null;
  }

  /** @param {Focus} focus */
  meetingsOf({ grid, cell }) {
    if (grid === 'output') return meetings(this.data, cell[0], cell[1]);
    this.inverse ??= index(this.data);
    return (grid === 'input' ? this.inverse.byInput : this.inverse.byWeight).get(String(cell)) ?? [];
  }

  /** Looks at a cell; returns whether there is anything new to show. @param {Focus} focus */
  look(focus) {
    const { grid, cell, channel } = this.focus;
    const same = focus.grid === grid && String(focus.cell) === String(cell) && focus.channel === channel;
    if (same && this.mode !== 'pin') return false;
    this.stand(focus);
    return true;
  }

  /** @param {Mode} mode */
  turn(mode) {
    this.mode = mode;
    if (mode === 'play' && this.focus.grid !== 'output') this.stand(output([0, 0]));
    if (mode !== 'play') this.previous = null;
  }

  /** The window moves on by itself. */
  step() {
    this.previous = this.focus.cell;
    this.stand(output(nextOf(this.focus.cell, this.data.out)));
  }

  /**
   * The cell of the same grid to which a key leads; null for another key.
   *
   * @param {string} key
   * @returns {Focus | null}
   */
  led(key) {
    const { data, focus } = this;
    const cell = moveByKey(
      focus.cell,
      key,
      { output: data.out, input: data.size, weight: data.kernel }[focus.grid],
    );
    return cell && { ...focus, cell };
  }

  /**
   * The first cell of the next grid: after the output come the inputs and the kernels of all channels.
   *
   * @param {number} step 1, or -1 for the grid before
   * @returns {Focus}
   */
  beside(step) {
    const { data, focus } = this;
    const of = (/** @type {GridName} */ grid, /** @type {unknown[] | null} */ channels) =>
      (channels ?? []).map((_, channel) => ({ grid, cell: [0, 0], channel }));
    const all = [output([0, 0]), ...of('input', data.x), ...of('weight', data.w)];
    const at = all.findIndex(({ grid, channel }) => grid === focus.grid && channel === focus.channel);
    return all[(at + step + all.length) % all.length];
  }

  /** The cell itself, where it is one of this grid. @param {GridName} grid @param {number} channel */
  own(grid, channel) {
    return this.focus.grid === grid && this.focus.channel === channel ? [this.focus.cell] : [];
  }

  /** The input cells that meet; what falls into the padding of a transposed convolution is nowhere. */
  get inputs() {
    const isThere = (/** @type {Meeting} */ { inside }) => this.data.kind !== 'transposed' || inside;
    return unique(this.met.filter(isThere).map(({ a, b }) => [a, b]));
  }

  get weights() {
    return unique(this.met.map(({ u, v }) => [u, v]));
  }

  get outputs() {
    return unique(this.met.map(({ i, j }) => [i, j]));
  }

  /** The input cell that a maximum took. */
  get winner() {
    const winner = this.result?.winner;
    if (winner === undefined || winner < 0) return null;
    return [Math.floor(winner / this.data.size[1]), winner % this.data.size[1]];
  }

  /**
   * What a cell of the kernel says of the number that it meets.
   *
   * @param {Term} term
   * @returns {import('./grid.js').Note}
   */
  note(term) {
    const { data, winner } = this;
    if (!term.inside && data.kind === 'max') return [term.u, term.v, ''];
    const won = winner && winner[0] === term.a && winner[1] === term.b;
    return [term.u, term.v, data.w ? `×${brief(term.x)}` : `${won ? '★' : ''}${brief(term.x)}`];
  }

  /**
   * The window as a rectangle on the input, [top, left, rows, columns]; between two outputs it slides.
   *
   * @param {number} progress from 0, where it was, to 1, where it is
   */
  frame(progress) {
    const here = this.focus.grid === 'output' ? this.frameOf(this.focus.cell) : null;
    if (!here || !this.previous || progress >= 1) return here;
    const there = this.frameOf(this.previous);
    const eased = progress * progress * (3 - 2 * progress);
    return there ? there.map((from, n) => from + (here[n] - from) * eased) : here;
  }

  /** @param {number[]} cell */
  frameOf([i, j]) {
    const met = meetings(this.data, i, j);
    if (!met.length || this.data.kind === 'transposed') return null;
    const [first, last] = [met[0], met[met.length - 1]];
    return [first.a, first.b, last.a - first.a + 1, last.b - first.b + 1];
  }
}
