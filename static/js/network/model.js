// @ts-check
// The model of a network's picture: the values of each layer, the parts of each value, and its receptive field.
//
// The image is layer -1; after the last layer come the ten probabilities, the layer `layers.length`.

import { reader } from '../lib/message.js';

const MOST_EDGES = 4000; // of one layer: more lines than that are one grey
const MIXES = new Set(['conv2d', 'linear']); // operations that read every map or unit, also where no weights came along

/**
 * @typedef {import('./payload.js').ReadingHeader} Header
 * @typedef {import('./payload.js').WindowFacts} Window
 * @typedef {'image' | 'maps' | 'units' | 'probabilities'} Kind
 *
 * @typedef {object} Layer maps of rows × columns, or units (1 × 1 each)
 * @property {Kind} kind
 * @property {string[]} operations
 * @property {string} name
 * @property {number[]} inputs places of the layers that it reads
 * @property {Window | null} window
 * @property {number[]} shape
 * @property {number} count of maps or units
 * @property {number} rows
 * @property {number} columns
 * @property {Float32Array} values
 * @property {Float32Array | null} weight
 * @property {Float32Array | null} bias
 * @property {number} bound the largest absolute value
 * @property {boolean} signed whether a value is below zero
 * @property {import('./weights.js').Tiles} [tiles] how weights are laid out in its maps, where it shows weights
 *
 * @typedef {object} Reading
 * @property {Header} header
 * @property {'values' | 'gradients' | 'weights'} shows
 * @property {boolean} gradients whether the numbers are gradients: those of the values, or those of the weights
 * @property {number[]} [places] of its layers among those of the network, where they are not all
 * @property {Layer} image
 * @property {Layer[]} layers
 * @property {Layer | null} answer the probabilities; null for a network that gives none
 *
 * @typedef {object} Place a cell of a map, a unit, or a digit
 * @property {number} layer
 * @property {number} item which map or unit
 * @property {number} cell its place in the map, row by row
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
 * @typedef {object} Made
 * @property {Way} way
 * @property {Part[]} parts
 * @property {number} bias
 * @property {number} total what the parts give together
 * @property {number} value what torch returned
 */

/**
 * Reads the message; weights that did not come with it are those of `before`.
 *
 * @param {Header} header
 * @param {Float32Array} floats
 * @param {Reading | null} before
 * @param {Reading['shows']} [shows] whether the numbers of the layers are their values, or the gradients of these
 * @returns {Reading}
 */
export function readingOf(header, floats, before, shows = 'values') {
  const take = reader(floats);
  const gradients = shows === 'gradients';
  const kind = header.image.length === 3 ? 'image' : 'units';
  const image = layerOf(kind, { shape: header.image, name: 'input' }, take(sizeOf(header.image)));
  const layers = header.layers.map((facts) =>
    layerOf(facts.shape.length === 3 ? 'maps' : 'units', facts, take(sizeOf(facts.shape))),
  );
  header.layers.forEach((facts, n) => {
    const previous = header.weighted ? null : before?.layers[n];
    if (!facts.weight.length) return;
    layers[n].weight = previous ? previous.weight : header.weighted ? take(sizeOf(facts.weight)) : null;
    if (facts.bias) layers[n].bias = previous ? previous.bias : header.weighted ? take(facts.weight[0]) : null;
  });
  if (!header.probabilities.length) return { header, shows, gradients, image, layers, answer: null };
  const answer = layerOf(
    'probabilities',
    { shape: [header.probabilities.length], operations: [header.output], inputs: [layers.length - 1] },
    Float32Array.from(header.probabilities),
  );
  return { header, shows, gradients, image, layers, answer };
}

/** @param {number[]} shape */
const sizeOf = (shape) => shape.reduce((all, size) => all * size, 1);

/**
 * @param {Kind} kind
 * @param {{ shape: number[], operations?: string[], name?: string, inputs?: number[], window?: Window | null }} facts
 * @param {Float32Array} values
 * @returns {Layer}
 */
export function layerOf(kind, { shape, operations = [], name = '', inputs = [], window = null }, values) {
  const [count, rows = 1, columns = 1] = shape;
  let [bound, signed] = [0, false];
  for (const value of values) {
    if (Math.abs(value) > bound) bound = Math.abs(value);
    if (value < 0) signed = true;
  }
  const facts = { kind, operations, name, inputs, window, shape, count, rows, columns };
  return { ...facts, values, weight: null, bias: null, bound, signed };
}

/**
 * @param {Reading} reading
 * @param {number} place
 * @returns {Layer}
 */
export const layerAt = (reading, place) =>
  place < 0 ? reading.image : /** @type {Layer} */ (reading.layers[place] ?? reading.answer);

/** The place of the last layer. @param {Reading} reading */
export const lastOf = ({ layers, answer }) => (answer ? layers.length : layers.length - 1);

/** Whether the network was given something to answer: on an empty canvas it gives no probabilities. @param {Reading} reading */
export const hasAnswer = ({ header }) => header.digit !== null;

/** @param {Reading} reading @param {Place} place */
export function valueAt(reading, { layer, item, cell }) {
  const { values, rows, columns } = layerAt(reading, layer);
  return values[item * rows * columns + cell];
}

/**
 * Says what a value is made of.
 *
 * @param {Reading} reading
 * @param {Place} place
 * @returns {Made}
 */
export function madeOf(reading, place) {
  const layer = layerAt(reading, place.layer);
  const value = valueAt(reading, place);
  const isGiven = place.layer < 0 || (reading.shows === 'weights' && layer.kind !== 'probabilities');
  if (isGiven) return { way: 'itself', parts: [], bias: 0, total: value, value };
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
function partsFrom(reading, layer, place, source, n) {
  const from = layerAt(reading, source);
  const whole = { layer: source, top: 0, left: 0, height: from.rows, width: from.columns };
  const start = { weights: null, dilation: 1, sum: 0, best: -1 };
  const all = Array.from({ length: from.count }, (_, item) => item);
  if (layer.kind === 'probabilities') return all.map((item) => ({ ...start, ...whole, item }));
  if (layer.operations[0] === 'cat')
    return catPart(reading, layer, place, source, n).map((p) => ({ ...start, ...p }));
  const window = layer.window ? windowAt(layer.window, place.cell, layer.columns) : null;
  if (layer.weight) {
    const size = layer.weight.length / layer.count / from.count; // weights for each map that goes in
    const first = place.item * from.count * size;
    const weights = (/** @type {number} */ item) =>
      layer.weight?.subarray(first + item * size, first + (item + 1) * size) ?? null;
    const dilation = window ? (layer.window?.dilation[1] ?? 1) : 1;
    return all.map((item) => ({ ...start, ...whole, ...window, item, weights: weights(item), dilation }));
  }
  if (layer.operations.length > 1 || MIXES.has(layer.operations[0]))
    return all.map((item) => ({ ...start, ...whole, ...window, item }));
  if (from.count !== layer.count) return all.map((item) => ({ ...start, ...whole, item }));
  if (window) return [{ ...start, ...whole, ...window, item: place.item }];
  if (from.rows !== layer.rows || from.columns !== layer.columns) return [{ ...start, ...whole, item: place.item }];
  const [top, left] = [Math.floor(place.cell / layer.columns), place.cell % layer.columns];
  return [{ ...start, layer: source, item: place.item, top, left, height: 1, width: 1 }];
}

/** @param {Reading} reading @param {Layer} layer @param {Place} place @param {number} source @param {number} n */
function catPart(reading, layer, place, source, n) {
  const before = layer.inputs.slice(0, n).reduce((sum, each) => sum + layerAt(reading, each).count, 0);
  const item = place.item - before;
  if (item < 0 || item >= layerAt(reading, source).count) return [];
  const [top, left] = [Math.floor(place.cell / layer.columns), place.cell % layer.columns];
  return [{ layer: source, item, top, left, height: 1, width: 1 }];
}

/** @param {Window} window @param {number} cell @param {number} columns of the map that the cell is in */
function windowAt({ kernel_size, stride, padding, dilation }, cell, columns) {
  const at = [Math.floor(cell / columns), cell % columns];
  const [top, left] = at.map((o, side) => o * stride[side] - padding[side]);
  const [height, width] = kernel_size.map((size, side) => (size - 1) * dilation[side] + 1);
  return { top, left, height, width };
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

/** @typedef {{ top: number, left: number, height: number, width: number }} Rect */

/**
 * The receptive field of a cell: the pixels of the image that it is made of.
 *
 * @param {Reading} reading
 * @param {Place} place
 * @returns {Rect}
 */
export function fieldOf(reading, { layer, cell }) {
  const { columns } = layerAt(reading, layer);
  return fieldIn(reading, layer, { top: Math.floor(cell / columns), left: cell % columns, height: 1, width: 1 });
}

/** The receptive field of a region. @param {Reading} reading @param {number} place of its layer @param {Rect} region @returns {Rect} */
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

/** The region of `from` that a region of `layer` reads. @param {Layer} layer @param {Layer} from @param {Rect} region @returns {Rect} */
function sourceOf(layer, from, { top, left, height, width }) {
  if (layer.window) {
    const { kernel_size: k, stride: s, padding: p, dilation: d } = layer.window;
    return {
      top: top * s[0] - p[0],
      left: left * s[1] - p[1],
      height: (height - 1) * s[0] + (k[0] - 1) * d[0] + 1,
      width: (width - 1) * s[1] + (k[1] - 1) * d[1] + 1,
    };
  }
  const same = layer.kind === 'maps' && from.rows === layer.rows && from.columns === layer.columns;
  return same ? { top, left, height, width } : { top: 0, left: 0, height: from.rows, width: from.columns };
}

/** @param {Rect} rect @param {{ rows: number, columns: number }} size @returns {Rect} the part of it that is inside */
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

/**
 * What goes where: each map or unit of a layer with each one that it reads, and how strong the weights between are,
 * from 0 to 1.
 *
 * @param {Reading} reading
 * @param {number} place
 * @returns {{ layer: number, from: number, to: number, strength: number }[]}
 */
export function edgesOf(reading, place) {
  const to = layerAt(reading, place);
  const edges = Array.from({ length: to.count }, (_, item) => item).flatMap((item) =>
    to.inputs.flatMap((source, n) =>
      partsFrom(reading, to, { layer: place, item, cell: 0 }, source, n).map((part) => ({
        layer: part.layer,
        from: part.item,
        to: item,
        strength: part.weights ? Math.hypot(...part.weights) : 0,
      })),
    ),
  );
  const most = Math.max(...edges.map(({ strength }) => strength), 1e-12);
  return edges.map((edge) => ({ ...edge, strength: to.weight ? edge.strength / most : 0.5 }));
}

/**
 * Whether everything goes into each map or unit of a layer and nothing tells one edge from another: then what goes
 * there is one band, not a line for each.
 *
 * @param {Reading} reading
 * @param {number} place
 * @returns {boolean}
 */
export function isBand(reading, place) {
  const to = layerAt(reading, place);
  const edges = to.inputs.reduce(
    (sum, source, n) =>
      sum + partsFrom(reading, to, { layer: place, item: 0, cell: 0 }, source, n).length * to.count,
    0,
  );
  return edges > MOST_EDGES || (!to.weight && edges > to.inputs.length * to.count);
}

/**
 * The place next to one: to another layer, map or unit, or, inside a map, to another cell.
 *
 * @param {Reading} reading
 * @param {Place | null} place
 * @param {string} key
 * @param {boolean} within whether the arrows move inside of the map
 * @returns {Place | null} null where the key does not move
 */
export function moveByKey(reading, place, key, within) {
  if (!/^(Arrow(Left|Right|Up|Down)|Home|End)$/.test(key)) return null;
  if (!place) return { layer: -1, item: 0, cell: middleOf(reading.image) };
  const layer = layerAt(reading, place.layer);
  if (within) return { ...place, cell: nextCell(layer, place.cell, key) };
  if (key === 'ArrowUp' || key === 'ArrowDown') {
    const item = clamp(place.item + (key === 'ArrowUp' ? -1 : 1), layer.count);
    return { ...place, item };
  }
  const next = key === 'Home' ? -1 : key === 'End' ? lastOf(reading) : place.layer + (key === 'ArrowLeft' ? -1 : 1);
  const to = clamp(next + 1, lastOf(reading) + 2) - 1;
  if (to === place.layer) return place;
  const other = layerAt(reading, to);
  const item = Math.round((place.item / Math.max(1, layer.count - 1)) * (other.count - 1));
  return { layer: to, item: other.count === layer.count ? place.item : item, cell: middleOf(other) };
}

/** @param {number} at @param {number} count */
const clamp = (at, count) => Math.max(0, Math.min(count - 1, at));

/** @param {{ rows: number, columns: number }} layer */
export const middleOf = ({ rows, columns }) => Math.floor(rows / 2) * columns + Math.floor(columns / 2);

/** @param {Layer} layer @param {number} cell @param {string} key */
function nextCell({ rows, columns }, cell, key) {
  const [row, column] = [Math.floor(cell / columns), cell % columns];
  if (key === 'Home') return 0;
  if (key === 'End') return rows * columns - 1;
  const down = key === 'ArrowDown' ? 1 : key === 'ArrowUp' ? -1 : 0;
  const right = key === 'ArrowRight' ? 1 : key === 'ArrowLeft' ? -1 : 0;
  return clamp(row + down, rows) * columns + clamp(column + right, columns);
}
