// @ts-check
// How the cells of a tensor lie on a canvas: maps of rows and columns, as many beside each other as there is room for.
// A cell is named by its place in the flat list of the tensor's values.

import { arrowOf } from '../lib/arrow_keys.js';
import { numel } from '../lib/shapes.js';

export const GAP = 5; // pixels between two maps

/** @typedef {{ count: number, rows: number, columns: number, size: number }} Maps `size`: cells of one map */

/**
 * Rows, columns and number of maps of a shape; a long vector is folded into rows.
 *
 * @param {readonly number[]} shape
 * @returns {Maps}
 */
export function mapsOf(shape) {
  if (shape.length === 0) return { count: 1, rows: 1, columns: 1, size: 1 };
  const last = shape[shape.length - 1];
  const rest = numel(shape.slice(0, -1));
  if (shape.length <= 2 && rest === 1) {
    const columns = last <= 16 ? last : last <= 130 ? 20 : last <= 600 ? 40 : 100;
    return { count: 1, rows: Math.ceil(last / columns), columns, size: last };
  }
  if (shape.length === 2) return { count: 1, rows: shape[0], columns: last, size: rest * last };
  const rows = shape[shape.length - 2];
  return { count: (rest / rows) | 0, rows, columns: last, size: rows * last };
}

/**
 * The largest cells with which all maps fit into width × height; a map too wide gets cells below one pixel.
 *
 * @param {Maps} maps
 * @param {number} width pixels
 * @param {number} height pixels
 * @param {number} most the largest side of a cell, in pixels
 * @returns {{ cell: number, across: number, down: number }} side of a cell, maps in a row, rows of maps
 */
export function layoutOf(maps, width, height, most = 26) {
  for (let cell = most; cell >= 1; cell -= 1) {
    const w = maps.columns * cell;
    const across = Math.max(1, Math.min(maps.count, Math.floor((width + GAP) / (w + GAP))));
    const down = Math.ceil(maps.count / across);
    if (w <= width && (down * (maps.rows * cell + GAP) <= height || cell === 1)) return { cell, across, down };
  }
  return { cell: width / maps.columns, across: 1, down: maps.count };
}

/**
 * The largest finite size of the numbers from `from` to `to`; 1 where all are 0.
 *
 * @param {ArrayLike<number>} values
 * @param {number} from
 * @param {number} to
 */
export function boundOf(values, from, to) {
  let bound = 0;
  for (let i = from; i < to; i += 1) {
    const size = Math.abs(values[i]);
    if (size > bound && size < Infinity) bound = size;
  }
  return bound || 1;
}

/**
 * The end of the colour scale of each map that is drawn.
 *
 * @param {ArrayLike<number>} values
 * @param {TensorLayout} layout
 * @param {number | null} common that of all maps; null: each has its own
 * @returns {Map<number, number>}
 */
export function boundsOf(values, { visible, maps: { size } }, common) {
  const own = (/** @type {number} */ map) => boundOf(values, map * size, Math.min((map + 1) * size, values.length));
  return new Map(visible.map((map) => [map, common ?? own(map)]));
}

/**
 * @typedef {object} Room
 * @property {number} width pixels
 * @property {number} height pixels
 * @property {number} most the largest side of a cell, in pixels
 * @property {number[] | null} only the maps that are drawn; null: all
 */

/** Where the cells are, in pixels. */
export class TensorLayout {
  /** @param {readonly number[]} shape @param {number} length how many of its cells are drawn @param {Room} room */
  constructor(shape, length, { width, height, most, only }) {
    this.length = length;
    this.maps = mapsOf(shape);
    this.visible = only ?? Array.from({ length: this.maps.count }, (_, map) => map);
    const { cell, across, down } = layoutOf({ ...this.maps, count: this.visible.length }, width, height, most);
    this.cell = cell;
    this.across = across;
    this.mapWidth = this.maps.columns * cell;
    this.mapHeight = Math.max(1, this.maps.rows * cell);
    this.width = Math.ceil(across * (this.mapWidth + GAP) - GAP);
    this.height = Math.ceil(down * (this.mapHeight + GAP) - GAP);
  }

  /** The corner of a map. @param {number} place of the map among those that are drawn @returns {[number, number]} */
  corner(place) {
    const [column, row] = [place % this.across, Math.floor(place / this.across)];
    return [column * (this.mapWidth + GAP), row * (this.mapHeight + GAP)];
  }

  /** The corner of a cell; null where its map is not drawn. @param {number} flat @returns {[number, number] | null} */
  boxOf(flat) {
    const place = this.visible.indexOf(Math.floor(flat / this.maps.size));
    if (place < 0) return null;
    const [x, y] = this.corner(place);
    const inside = flat % this.maps.size;
    return [x + (inside % this.maps.columns) * this.cell, y + Math.floor(inside / this.maps.columns) * this.cell];
  }

  /** The cell at a point; null between the maps. @param {number} px @param {number} py */
  cellAt(px, py) {
    const [across, down] = [Math.floor(px / (this.mapWidth + GAP)), Math.floor(py / (this.mapHeight + GAP))];
    const place = down * this.across + across;
    const [x, y] = this.corner(place);
    const [column, row] = [Math.floor((px - x) / this.cell), Math.floor((py - y) / this.cell)];
    if (across >= this.across || place >= this.visible.length || column < 0 || row < 0) return null;
    if (column >= this.maps.columns || row >= this.maps.rows) return null;
    const inside = row * this.maps.columns + column;
    const flat = this.visible[place] * this.maps.size + inside;
    return inside < this.maps.size && flat < this.length ? flat : null;
  }

  /** The cell that an arrow key leads to from `flat`. @param {number} flat @param {string} key */
  moved(flat, key) {
    const { rows, columns } = arrowOf(key) ?? { rows: 0, columns: 0 };
    const next = flat + columns + rows * this.maps.columns;
    return next >= 0 && next < this.length && this.boxOf(next) ? next : flat;
  }

  /**
   * One line around some cells: an edge is drawn where the neighbour on the other side is none of them.
   *
   * @param {number[]} flats
   * @returns {[x1: number, y1: number, x2: number, y2: number][]}
   */
  contourOf(flats) {
    const all = new Set(flats);
    const { columns, size } = this.maps;
    const side = Math.max(this.cell, 2); // a smaller one would not be seen
    return flats.flatMap((flat) => {
      const box = this.boxOf(flat);
      if (!box) return [];
      const [x, y] = box;
      const column = (flat % size) % columns;
      /** @type {[boolean, [number, number, number, number]][]} whether the edge is drawn, and where */
      const edges = [
        [!all.has(flat - columns), [x, y, x + side, y]],
        [!all.has(flat + columns), [x, y + side, x + side, y + side]],
        [column === 0 || !all.has(flat - 1), [x, y, x, y + side]],
        [column === columns - 1 || !all.has(flat + 1), [x + side, y, x + side, y + side]],
      ];
      return edges.filter(([isDrawn]) => isDrawn).map(([, edge]) => edge);
    });
  }
}
