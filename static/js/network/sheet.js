// @ts-check
// A sheet: numbers as a picture of one pixel each, which is then drawn at any size.

import { contextOf } from '../lib/dom.js';
import { colour } from './colours.js';

/**
 * @typedef {import('./colours.js').Theme} Theme
 * @typedef {import('./origin.js').Part} Part
 */

/**
 * The maps of a layer, one under the other; empty for the probabilities, which are bars.
 *
 * @param {import('./model.js').Layer} layer
 * @param {Theme} theme
 * @param {HTMLCanvasElement} [canvas] of another reading
 */
export function layerSheet(layer, theme, canvas = document.createElement('canvas')) {
  const [width, height] = [layer.columns, layer.rows * layer.count];
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  if (layer.kind === 'probabilities') return canvas;
  if (layer.kind !== 'image') return fill(canvas, layer.values, 0, layer.bound, theme.signed);
  const paper = Math.min(...layer.values);
  return fill(canvas, layer.values, paper, Math.max(1e-6, Math.max(...layer.values) - paper), theme.ink);
}

/**
 * The weights with which one map is read.
 *
 * @param {Part} part
 * @param {Float32Array} weights
 * @param {number} bound
 * @param {Theme} theme
 */
export function weightSheet(part, weights, bound, theme) {
  const columns = Math.max(1, Math.ceil(part.width / part.dilation));
  const rows = Math.max(1, Math.round(weights.length / columns));
  const canvas = Object.assign(document.createElement('canvas'), { width: columns, height: rows });
  return { sheet: fill(canvas, weights, 0, bound, theme.signed), rows, columns };
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Float32Array} values
 * @param {number} zero the value that has the colour of zero
 * @param {number} bound
 * @param {Uint8ClampedArray} colours
 */
function fill(canvas, values, zero, bound, colours) {
  const context = contextOf(canvas);
  const picture = context.createImageData(canvas.width, canvas.height);
  colour(picture.data, values, zero, bound, colours);
  context.putImageData(picture, 0, 0);
  return canvas;
}
