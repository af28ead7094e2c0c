// @ts-check
// A tensor drawn as maps of coloured cells on one canvas, of which some are lit and one stands out.

import { el } from '../lib/dom.js';
import { onTheme } from '../lib/theme.js';
import { boundOf, boundsOf, TensorLayout } from './tensor_layout.js';
import { TensorPainter } from './tensor_painter.js';

/**
 * @typedef {object} Plan
 * @property {Float32Array} values
 * @property {number[]} shape
 * @property {number} width of the room, in pixels
 * @property {number} [height]
 * @property {boolean} [shared] one scale for all maps
 * @property {number[] | null} [only] some of the maps
 * @property {number} [most] the largest side of a cell, in pixels
 * @property {number} [bound] the end of the shared scale, where another drawing has the same
 */

export class TensorGrid {
  canvas = el('canvas', 'tensor');
  /** @type {number[]} cells, as all below, by their places in `values` */
  lit = [];
  /** @type {number | null} */
  strong = null;

  /** @param {Plan} plan */
  constructor({ values, shape, width, height = 260, shared = true, only = null, most = 26, bound }) {
    this.values = values;
    this.shape = shape;
    this.shared = shared;
    this.bound = bound;
    this.layout = new TensorLayout(shape, values.length, { width, height, most, only });
    this.painter = new TensorPainter(this.canvas, this.layout, values, this.bounds());
    onTheme(this.canvas, () => {
      this.painter.forget();
      this.paint();
    });
    this.paint();
  }

  /** Takes over other numbers of the same tensor. @param {Float32Array} values @param {number} [bound] */
  take(values, bound) {
    if (values === this.values && bound === this.bound) return;
    this.values = values;
    this.bound = bound;
    this.painter.take(values, this.bounds());
    this.paint();
  }

  bounds() {
    const { values, layout, shared, bound } = this;
    return boundsOf(values, layout, shared ? (bound ?? boundOf(values, 0, values.length)) : null);
  }

  paint() {
    this.painter.paint(this.lit, this.strong);
  }

  /** The cell under a pointer; null between the maps. @param {MouseEvent} event */
  at(event) {
    const box = this.canvas.getBoundingClientRect();
    const scale = this.layout.width / (box.width || 1);
    return this.layout.cellAt((event.clientX - box.left) * scale, (event.clientY - box.top) * scale);
  }

  /** @param {number[]} flats */
  light(flats) {
    this.lit = flats;
    this.paint();
  }

  /** @param {number | null} flat */
  point(flat) {
    if (this.strong === flat) return;
    this.strong = flat;
    this.paint();
  }
}
