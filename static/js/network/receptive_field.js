// @ts-check
// The receptive field of a cell: the pixels of the image that it depends on. Pure.

import { layerAt } from './model.js';

/**
 * @typedef {import('./model.js').Layer} Layer
 * @typedef {import('./model.js').Place} Place
 * @typedef {import('./model.js').Reading} Reading
 * @typedef {{ top: number, left: number, height: number, width: number }} Rect in cells
 */

/**
 * The receptive field of a cell: the pixels of the image that it is made of.
 *
 * @param {Reading} reading
 * @param {Place} place
 * @returns {Rect}
 */
export function fieldOf(reading, { layer, cell }) {
  return fieldIn(reading, layer, cellRect(layerAt(reading, layer), cell));
}

/**
 * The receptive field of a region.
 *
 * @param {Reading} reading
 * @param {number} place of its layer
 * @param {Rect} region
 * @returns {Rect}
 */
function fieldIn(reading, place, region) {
  const layer = layerAt(reading, place);
  const here = inside(region, layer);
  if (place < 0) return here;
  const regions = layer.inputs.map((source) => {
    const from = layerAt(reading, source);
    return fieldIn(reading, source, sourceOf(layer, from, here));
  });
  return regions.reduce(around, regions[0] ?? { top: 0, left: 0, height: 0, width: 0 });
}

/**
 * The region of `from` that a region of `layer` reads.
 *
 * @param {Layer} layer @param {Layer} from @param {Rect} region @returns {Rect}
 */
function sourceOf(layer, from, region) {
  if (layer.window) return windowOf(layer.window, region);
  const same = layer.kind === 'maps' && from.rows === layer.rows && from.columns === layer.columns;
  return same ? region : { top: 0, left: 0, height: from.rows, width: from.columns };
}

/**
 * The cells that a window covers at all positions of a region of its output; some may lie in the padding.
 *
 * @param {import('./payload.js').WindowFacts} window @param {Rect} region @returns {Rect}
 */
export function windowOf({ kernel_size: k, stride: s, padding: p, dilation: d }, { top, left, height, width }) {
  return {
    top: top * s[0] - p[0],
    left: left * s[1] - p[1],
    height: (height - 1) * s[0] + (k[0] - 1) * d[0] + 1,
    width: (width - 1) * s[1] + (k[1] - 1) * d[1] + 1,
  };
}

/** One cell of a map as a region. @param {{ columns: number }} map @param {number} cell @returns {Rect} */
export const cellRect = ({ columns }, cell) => ({
  top: Math.floor(cell / columns),
  left: cell % columns,
  height: 1,
  width: 1,
});

/**
 * The part of a region that is inside of a map.
 *
 * @param {Rect} rect
 * @param {{ rows: number, columns: number }} map
 * @returns {Rect}
 */
export function inside({ top, left, height, width }, { rows, columns }) {
  const [first, start] = [Math.max(0, top), Math.max(0, left)];
  const [last, end] = [Math.min(rows, top + height), Math.min(columns, left + width)];
  return { top: first, left: start, height: Math.max(0, last - first), width: Math.max(0, end - start) };
}

/** @param {Rect} a @param {Rect} b @returns {Rect} */
function around(a, b) {
  const [top, left] = [Math.min(a.top, b.top), Math.min(a.left, b.left)];
  const bottom = Math.max(a.top + a.height, b.top + b.height);
  return { top, left, height: bottom - top, width: Math.max(a.left + a.width, b.left + b.width) - left };
}
