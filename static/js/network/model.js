// @ts-check
// The model of a network's picture: the values of each layer that one forward pass gave. Pure.
//
// The image is layer -1; after the last layer come the ten probabilities, the layer `layers.length`.

import { reader } from '../lib/message.js';
import { numel } from '../lib/shapes.js';

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
  const image = layerOf(kind, { shape: header.image, name: 'input' }, take(numel(header.image)));
  const layers = header.layers.map((facts) =>
    layerOf(facts.shape.length === 3 ? 'maps' : 'units', facts, take(numel(facts.shape))),
  );
  header.layers.forEach((facts, n) => {
    const previous = header.weighted ? null : before?.layers[n];
    if (!facts.weight.length) return;
    layers[n].weight = previous ? previous.weight : header.weighted ? take(numel(facts.weight)) : null;
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

/**
 * Whether the network was given something to answer: on an empty canvas it gives no probabilities.
 *
 * @param {Reading} reading
 */
export const hasAnswer = ({ header }) => header.digit !== null;

/** @param {Reading} reading @param {Place} place */
export function valueAt(reading, { layer, item, cell }) {
  const { values, rows, columns } = layerAt(reading, layer);
  return values[item * rows * columns + cell];
}

/** Layers of a reading, the image first and the probabilities last. @param {Reading} reading */
export const layersOf = (reading) => Array.from({ length: lastOf(reading) + 2 }, (_, n) => layerAt(reading, n - 1));

/** The cell in the middle of a map. @param {{ rows: number, columns: number }} layer */
export const middleOf = ({ rows, columns }) => Math.floor(rows / 2) * columns + Math.floor(columns / 2);
