// @ts-check
// The origin of a value: the parts of other layers that it is computed from, and what each adds. Pure.

import { layerAt, valueAt } from './model.js';
import { cellRect, windowOf } from './receptive_field.js';

// Operations that read every map or unit, also where no weights came along.
const READ_ALL = new Set(['conv2d', 'linear']);

/**
 * @typedef {import('./model.js').Layer} Layer
 * @typedef {import('./model.js').Place} Place
 * @typedef {import('./model.js').Reading} Reading
 *
 * @typedef {object} Part one map that a value is made of: the cells from row `top` and column `left` on
 * @property {number} layer
 * @property {number} item
 * @property {number} top may lie in the padding
 * @property {number} left
 * @property {number} height
 * @property {number} width
 * @property {Float32Array | null} weights of the cells, row by row
 * @property {number} dilation of the rows and columns that count
 * @property {number} sum what this part adds
 * @property {number} best the cell of the map that a maximum is, else -1
 *
 * @typedef {'sum' | 'maximum' | 'mean' | 'relu' | 'stage' | 'softmax' | 'function' | 'itself'} Way
 *
 * @typedef {object} Origin
 * @property {Way} way
 * @property {Part[]} parts
 * @property {number} bias
 * @property {number} total what the parts give together
 * @property {number} value what torch returned
 */

/**
 * What a value is made of.
 *
 * @param {Reading} reading
 * @param {Place} place
 * @returns {Origin}
 */
export function originOf(reading, place) {
  const layer = layerAt(reading, place.layer);
  const value = valueAt(reading, place);
  const isItself = place.layer < 0 || (reading.shows === 'weights' && layer.kind !== 'probabilities');
  if (isItself) return { way: 'itself', parts: [], bias: 0, total: value, value };
  const way = reading.shows === 'gradients' && layer.kind !== 'probabilities' ? 'function' : wayOf(layer);
  const parts = layer.inputs.flatMap((source, n) => partsFrom(reading, layer, place, source, n));
  for (const part of parts) measure(layerAt(reading, part.layer), part, way);
  const bias = layer.bias ? layer.bias[place.item] : 0;
  return { way, parts, bias, total: totalOf(way, parts, bias, value), value };
}

/** @param {Layer} layer @returns {Way} */
function wayOf({ kind, operations, weight }) {
  if (kind === 'probabilities') return 'softmax';
  if (operations.length > 1) return 'stage';
  if (weight || operations[0] === 'add') return 'sum';
  if (operations[0] === 'max_pool2d') return 'maximum';
  if (operations[0] === 'avg_pool2d') return 'mean';
  return operations[0] === 'relu' ? 'relu' : 'function';
}

/** @param {Way} way @param {Part[]} parts @param {number} bias @param {number} value */
function totalOf(way, parts, bias, value) {
  if (way === 'sum') return parts.reduce((sum, part) => sum + part.sum, bias);
  if (way === 'maximum') return Math.max(...parts.map(({ sum }) => sum));
  if (way === 'relu') return Math.max(0, parts[0]?.sum ?? 0);
  return value;
}

/**
 * The parts of a value that lie in the layer at `source`, the `n`-th that its own layer reads.
 *
 * @param {Reading} reading
 * @param {Layer} layer
 * @param {Place} place
 * @param {number} source
 * @param {number} n
 * @returns {Part[]}
 */
export function partsFrom(reading, layer, place, source, n) {
  const from = layerAt(reading, source);
  const whole = { layer: source, top: 0, left: 0, height: from.rows, width: from.columns };
  const start = { weights: null, dilation: 1, sum: 0, best: -1 };
  const all = Array.from({ length: from.count }, (_, item) => item);
  if (layer.kind === 'probabilities') return all.map((item) => ({ ...start, ...whole, item }));
  if (layer.operations[0] === 'cat')
    return catPart(reading, layer, place, source, n).map((p) => ({ ...start, ...p }));
  const cell = cellRect(layer, place.cell);
  const window = layer.window ? windowOf(layer.window, cell) : null;
  if (layer.weight) {
    const size = layer.weight.length / layer.count / from.count; // weights for each map that goes in
    const first = place.item * from.count * size;
    const weights = (/** @type {number} */ item) =>
      layer.weight?.subarray(first + item * size, first + (item + 1) * size) ?? null;
    const dilation = window ? (layer.window?.dilation[1] ?? 1) : 1;
    return all.map((item) => ({ ...start, ...whole, ...window, item, weights: weights(item), dilation }));
  }
  if (layer.operations.length > 1 || READ_ALL.has(layer.operations[0]))
    return all.map((item) => ({ ...start, ...whole, ...window, item }));
  if (from.count !== layer.count) return all.map((item) => ({ ...start, ...whole, item }));
  if (window) return [{ ...start, ...whole, ...window, item: place.item }];
  if (from.rows !== layer.rows || from.columns !== layer.columns) return [{ ...start, ...whole, item: place.item }];
  return [{ ...start, layer: source, item: place.item, ...cell }];
}

/** @param {Reading} reading @param {Layer} layer @param {Place} place @param {number} source @param {number} n */
function catPart(reading, layer, place, source, n) {
  const before = layer.inputs.slice(0, n).reduce((sum, each) => sum + layerAt(reading, each).count, 0);
  const item = place.item - before;
  if (item < 0 || item >= layerAt(reading, source).count) return [];
  return [{ layer: source, item, ...cellRect(layer, place.cell) }];
}

/**
 * The cells of a part that lie inside its map: their places in the map, and which weight they meet.
 *
 * @param {Layer} from
 * @param {Part} part
 */
export function cellsOf(from, part) {
  /** @type {{ cell: number, weight: number }[]} */
  const cells = [];
  let weight = 0;
  for (let r = part.top; r < part.top + part.height; r += part.dilation) {
    for (let c = part.left; c < part.left + part.width; c += part.dilation, weight += 1) {
      if (r >= 0 && c >= 0 && r < from.rows && c < from.columns) cells.push({ cell: r * from.columns + c, weight });
    }
  }
  return cells;
}

/** Sets what a part adds, and the cell of a maximum. @param {Layer} from @param {Part} part @param {Way} way */
function measure(from, part, way) {
  const start = part.item * from.rows * from.columns;
  if (way === 'stage' || way === 'softmax' || way === 'function') return;
  let [sum, best] = [way === 'maximum' ? Number.NEGATIVE_INFINITY : 0, -1];
  for (const { cell, weight } of cellsOf(from, part)) {
    const x = from.values[start + cell];
    if (way !== 'maximum') sum += part.weights ? part.weights[weight] * x : x;
    else if (x > sum) [sum, best] = [x, cell];
  }
  part.sum = sum;
  part.best = best;
}
