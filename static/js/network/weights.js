// @ts-check
// The weights of a network in place of its values: of each map or unit a picture of all that it weighs. Pure.

import { layerAt, layerOf } from './model.js';

const GAP = 1; // cells between the weights for two maps

/**
 * @typedef {import('./model.js').Layer} Layer
 * @typedef {import('./model.js').Place} Place
 * @typedef {import('./model.js').Reading} Reading
 *
 * @typedef {object} Tiles how the weights of one map or unit are laid out: one tile for each map that it reads
 * @property {number} rows of a tile
 * @property {number} columns of a tile
 * @property {number} count of tiles
 * @property {number} across tiles beside each other
 * @property {number} down
 * @property {number} gap between two tiles
 * @property {boolean} named whether each tile is of the map or unit in its place among those that are read
 */

/**
 * @typedef {object} Numbers of a weight, or of what else there is for each of its numbers, as its gradient
 * @property {number[]} shape (out, in, height, width), or (out, in)
 * @property {Float32Array} values
 */

/**
 * A reading whose layers are those with weights; a layer of it has the maps or units of the layer whose weights they
 * are, and reads what is next before it.
 *
 * @param {Reading} reading
 * @param {(Numbers | null)[]} weights of each layer
 * @returns {Reading}
 */
export function weightsOf(reading, weights) {
  const places = reading.layers.map((_, place) => place).filter((place) => weights[place]);
  const layers = places.map((place) => {
    const numbers = /** @type {Numbers} */ (weights[place]);
    return ofLayer(reading, place, numbers, sourcesOf(reading, place, places));
  });
  const { answer } = reading;
  const before = answer && sourcesOf(reading, reading.layers.length, places);
  return { ...reading, shows: 'weights', layers, places, answer: answer && { ...answer, inputs: before ?? [] } };
}

/**
 * The places, among the layers with weights, of what a layer reads at last.
 *
 * @param {Reading} reading @param {number} place @param {number[]} places of the layers with weights
 * @returns {number[]}
 */
function sourcesOf(reading, place, places) {
  const all = layerAt(reading, place).inputs.flatMap((source) => {
    if (source < 0) return [-1];
    const at = places.indexOf(source);
    return at >= 0 ? [at] : sourcesOf(reading, source, places);
  });
  return [...new Set(all)];
}

/** @param {Reading} reading @param {number} place @param {Numbers} numbers @param {number[]} inputs @returns {Layer} */
function ofLayer(reading, place, numbers, inputs) {
  const { count, operations, name, inputs: read } = reading.layers[place];
  const tiles = tilesOf(numbers.shape, layerAt(reading, read[0]));
  const [height, width] = [
    sideOf(tiles.down, tiles.rows, tiles.gap),
    sideOf(tiles.across, tiles.columns, tiles.gap),
  ];
  const values = new Float32Array(count * height * width);
  const each = numbers.values.length / count;
  for (let item = 0; item < count; item += 1) {
    for (let n = 0; n < each; n += 1)
      values[item * height * width + cellOf(tiles, n, width)] = numbers.values[item * each + n];
  }
  return { ...layerOf('maps', { shape: [count, height, width], operations, name, inputs }, values), tiles };
}

/** @param {number} count @param {number} size @param {number} gap */
const sideOf = (count, size, gap) => count * (size + gap) - gap;

/** @param {number[]} shape of the weight @param {Layer} from what it weighs @returns {Tiles} */
function tilesOf([, into, height = 0, width = 0], from) {
  const flattened = !height && into === from.count * from.rows * from.columns;
  const [rows, columns] = height ? [height, width] : flattened ? [from.rows, from.columns] : [1, 1];
  const count = flattened ? from.count : into;
  const across = Math.ceil(Math.sqrt(count));
  const gap = rows * columns > 1 ? GAP : 0;
  return { rows, columns, count, across, down: Math.ceil(count / across), gap, named: count === from.count };
}

/** @param {Tiles} tiles @param {number} n which weight @param {number} width of the whole in cells */
function cellOf({ rows, columns, across, gap }, n, width) {
  const [tile, at] = [Math.floor(n / (rows * columns)), n % (rows * columns)];
  const row = Math.floor(tile / across) * (rows + gap) + Math.floor(at / columns);
  return row * width + (tile % across) * (columns + gap) + (at % columns);
}

/**
 * Which weight a cell is: in which tile, and its row and column there; null between two tiles, and after the last.
 *
 * @param {Layer} layer of weights
 * @param {number} cell
 * @returns {{ source: number, row: number, column: number } | null}
 */
export function weightAt({ tiles, columns: width }, cell) {
  if (!tiles) return null;
  const { rows, columns, across, gap, count } = tiles;
  const [row, column] = [Math.floor(cell / width), cell % width];
  const [down, right] = [Math.floor(row / (rows + gap)), Math.floor(column / (columns + gap))];
  const [inRow, inColumn] = [row - down * (rows + gap), column - right * (columns + gap)];
  const source = down * across + right;
  if (inRow >= rows || inColumn >= columns || source >= count) return null;
  return { source, row: inRow, column: inColumn };
}
