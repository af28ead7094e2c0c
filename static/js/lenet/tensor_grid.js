// @ts-check
// A tensor drawn as maps of coloured cells on one canvas: layout, painting, and which cell a point is in.

import { arrowOf } from '../lib/arrow_keys.js';
import { contextOf, el } from '../lib/dom.js';
import { shorter } from '../lib/numbers.js';
import { channelsAt, inkOn } from '../lib/palette.js';
import { isPageDark, onTheme } from '../lib/theme.js';
import { boundOf, GAP, layoutOf, mapsOf } from './tensor_layout.js';

const [LIGHT, DARK] = [false, true].map((dark) =>
  Array.from({ length: 511 }, (_, i) => channelsAt((i - 255) / 255, dark)),
);

/**
 * @typedef {CanvasRenderingContext2D} Pen
 *
 * @typedef {object} Plan
 * @property {Float32Array} values
 * @property {number[]} shape
 * @property {number} width of the room, in pixels
 * @property {number} [height]
 * @property {boolean} [shared] one scale for all maps
 * @property {number[] | null} [only] some of the maps
 * @property {number} [most] the largest side of a cell, in pixels
 * @property {string} [name]
 * @property {number} [bound] the end of the shared scale, where another drawing has the same
 */

export class TensorGrid {
  /** @param {Plan} plan */
  constructor({
    values,
    shape,
    width,
    height = 260,
    shared = true,
    only = null,
    most = 26,
    name = '',
    bound = boundOf(values, 0, values.length),
  }) {
    this.bound = bound;
    this.values = values;
    this.shape = shape;
    this.shared = shared;
    this.name = name;
    this.maps = mapsOf(shape);
    this.visible = only ?? Array.from({ length: this.maps.count }, (_, i) => i);
    const maps = { ...this.maps, count: this.visible.length };
    const { cell, across, down } = layoutOf(maps, width, height, most);
    this.cell = cell;
    this.across = across;
    this.down = down;
    this.wide = this.maps.columns * this.cell;
    this.high = Math.max(1, this.maps.rows * this.cell);
    this.canvas = el('canvas', 'tensor');
    this.width = Math.ceil(this.across * (this.wide + GAP) - GAP);
    this.height = Math.ceil(this.down * (this.high + GAP) - GAP);
    this.ratio = Math.min(2, window.devicePixelRatio || 1);
    this.canvas.width = Math.ceil(this.width * this.ratio);
    this.canvas.height = Math.ceil(this.height * this.ratio);
    this.canvas.style.width = `${this.width}px`;
    this.canvas.style.height = `${this.height}px`;
    /** @type {number[]} cells, as all below, by their places in `values` */
    this.lit = [];
    /** @type {number | null} */
    this.strong = null;
    /** @type {Map<number, number>} the end of the scale of each map */
    this.bounds = new Map();
    /** @type {HTMLCanvasElement | null} the maps, without what is lit */
    this.picture = null;
    this.dark = isPageDark();
    onTheme(this.canvas, () => {
      this.dark = isPageDark();
      this.picture = null;
      this.paint();
    });
    this.paint();
  }

  /** @param {number} place of a map that is drawn */
  corner(place) {
    return [(place % this.across) * (this.wide + GAP), Math.floor(place / this.across) * (this.high + GAP)];
  }

  paint() {
    const pen = contextOf(this.canvas);
    pen.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    pen.clearRect(0, 0, this.width, this.height);
    if (!this.picture) this.picture = this.paintMaps();
    pen.imageSmoothingEnabled = this.cell < 1;
    pen.drawImage(this.picture, 0, 0, this.width, this.height);
    if (this.cell >= 34) this.writeNumbers(pen);
    this.contour(pen);
    if (this.strong !== null) this.outline(pen, this.strong, 3, '#d6006c');
  }

  paintMaps() {
    const picture = el('canvas', { width: this.canvas.width, height: this.canvas.height });
    const pen = contextOf(picture);
    pen.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    pen.imageSmoothingEnabled = this.cell < 1;
    const { rows, columns, size } = this.maps;
    const table = this.dark ? DARK : LIGHT;
    const small = el('canvas', { width: columns, height: rows });
    const ink = contextOf(small);
    this.visible.forEach((map, place) => {
      const from = map * size;
      const to = Math.min(from + size, this.values.length);
      const bound = this.shared ? this.bound : boundOf(this.values, from, to);
      this.bounds.set(map, bound);
      const image = ink.createImageData(columns, rows);
      for (let i = from; i < to; i += 1) {
        const share = this.values[i] / bound;
        const at = (i - from) * 4;
        const color = !Number.isNaN(share)
          ? table[255 + Math.max(-255, Math.min(255, Math.round(share * 255)))]
          : [214, 0, 108];
        [image.data[at], image.data[at + 1], image.data[at + 2], image.data[at + 3]] = [...color, 255];
      }
      ink.putImageData(image, 0, 0);
      const [x, y] = this.corner(place);
      pen.drawImage(small, x, y, this.wide, this.high);
      pen.strokeStyle = 'rgba(128,128,128,.45)';
      pen.lineWidth = 0.5;
      pen.strokeRect(x + 0.25, y + 0.25, this.wide - 0.5, this.high - 0.5);
    });
    return picture;
  }

  /** @param {Pen} pen */
  writeNumbers(pen) {
    pen.font = `${Math.min(13, this.cell / 4.2)}px monospace`;
    pen.textAlign = 'center';
    pen.textBaseline = 'middle';
    this.visible.forEach((map) => {
      for (let i = 0; i < this.maps.size; i += 1) {
        const flat = map * this.maps.size + i;
        if (flat >= this.values.length) break;
        const [x, y] = this.boxOf(flat) ?? [0, 0];
        const value = this.values[flat];
        const text = shorter(value).find((each) => pen.measureText(each).width <= this.cell - 2);
        pen.fillStyle = inkOn(value, this.bounds.get(map) ?? this.bound, this.dark);
        if (text) pen.fillText(text, x + this.cell / 2, y + this.cell / 2);
      }
    });
  }

  /** The corner of a cell in pixels; null where its map is not drawn. @param {number} flat */
  boxOf(flat) {
    const place = this.visible.indexOf(Math.floor(flat / this.maps.size));
    if (place < 0) return null;
    const [x, y] = this.corner(place);
    const inside = flat % this.maps.size;
    return [x + (inside % this.maps.columns) * this.cell, y + Math.floor(inside / this.maps.columns) * this.cell];
  }

  /** @param {Pen} pen @param {number} flat @param {number} thick @param {string} color */
  outline(pen, flat, thick, color) {
    const box = this.boxOf(flat);
    if (!box) return;
    const size = Math.max(this.cell, 3);
    pen.lineWidth = this.cell < 8 ? Math.min(thick, 1.5) : thick;
    pen.strokeStyle = color;
    pen.strokeRect(box[0] + 0.5, box[1] + 0.5, size - 1, size - 1);
  }

  /** One line around the lit cells: an edge is drawn where the neighbour on the other side is dark. @param {Pen} pen */
  contour(pen) {
    const lit = new Set(this.lit);
    const size = Math.max(this.cell, 2);
    const { columns } = this.maps;
    pen.lineWidth = 2;
    pen.strokeStyle = this.dark ? '#fff' : '#111';
    pen.beginPath();
    for (const flat of this.lit) {
      const box = this.boxOf(flat);
      if (!box) continue;
      const [x, y] = box;
      const column = (flat % this.maps.size) % columns;
      const edge = (/** @type {boolean} */ dark, /** @type {number[]} */ from, /** @type {number[]} */ to) => {
        if (!dark) return;
        pen.moveTo(from[0], from[1]);
        pen.lineTo(to[0], to[1]);
      };
      edge(!lit.has(flat - columns), [x, y], [x + size, y]);
      edge(!lit.has(flat + columns), [x, y + size], [x + size, y + size]);
      edge(column === 0 || !lit.has(flat - 1), [x, y], [x, y + size]);
      edge(column === columns - 1 || !lit.has(flat + 1), [x + size, y], [x + size, y + size]);
    }
    pen.stroke();
  }

  /** The cell under a pointer; null between the maps. @param {MouseEvent} event */
  at(event) {
    const box = this.canvas.getBoundingClientRect();
    const scale = this.width / (box.width || 1);
    const [px, py] = [(event.clientX - box.left) * scale, (event.clientY - box.top) * scale];
    const [across, down] = [Math.floor(px / (this.wide + GAP)), Math.floor(py / (this.high + GAP))];
    const place = down * this.across + across;
    const [x, y] = this.corner(place);
    const [column, row] = [Math.floor((px - x) / this.cell), Math.floor((py - y) / this.cell)];
    if (across >= this.across || place >= this.visible.length || column < 0 || row < 0) return null;
    if (column >= this.maps.columns || row >= this.maps.rows) return null;
    const inside = row * this.maps.columns + column;
    const flat = this.visible[place] * this.maps.size + inside;
    return inside < this.maps.size && flat < this.values.length ? flat : null;
  }

  /** The cell that an arrow key leads to from `flat`. @param {number} flat @param {string} key */
  moved(flat, key) {
    const { rows, columns } = arrowOf(key) ?? { rows: 0, columns: 0 };
    const next = flat + columns + rows * this.maps.columns;
    return next >= 0 && next < this.values.length && this.boxOf(next) ? next : flat;
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
