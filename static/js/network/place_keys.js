// @ts-check
// The keys that move over a network: from layer to layer, from map to map, and inside a map from cell to cell. Pure.

import { arrowOf } from '../lib/arrow_keys.js';
import { clampIndex } from '../lib/shapes.js';
import { lastOf, layerAt, middleOf } from './model.js';

/**
 * @typedef {import('./model.js').Layer} Layer
 * @typedef {import('./model.js').Place} Place
 * @typedef {import('./model.js').Reading} Reading
 */

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
    const item = clampIndex(place.item + (key === 'ArrowUp' ? -1 : 1), layer.count);
    return { ...place, item };
  }
  const next = key === 'Home' ? -1 : key === 'End' ? lastOf(reading) : place.layer + (key === 'ArrowLeft' ? -1 : 1);
  const to = clampIndex(next + 1, lastOf(reading) + 2) - 1;
  if (to === place.layer) return place;
  const other = layerAt(reading, to);
  const item = Math.round((place.item / Math.max(1, layer.count - 1)) * (other.count - 1));
  return { layer: to, item: other.count === layer.count ? place.item : item, cell: middleOf(other) };
}

/** @param {Layer} layer @param {number} cell @param {string} key */
function nextCell({ rows, columns }, cell, key) {
  const [row, column] = [Math.floor(cell / columns), cell % columns];
  if (key === 'Home') return 0;
  if (key === 'End') return rows * columns - 1;
  const move = arrowOf(key) ?? { rows: 0, columns: 0 };
  return clampIndex(row + move.rows, rows) * columns + clampIndex(column + move.columns, columns);
}
