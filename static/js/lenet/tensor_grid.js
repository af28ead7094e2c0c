// @ts-check
// A tensor drawn as maps of coloured cells on one canvas: layout, painting, and which cell a point is in.

import { shorter } from '../lib/numbers.js';
import { inkOn, NEGATIVE, NEUTRAL, POSITIVE } from '../lib/palette.js';
import { boundOf, GAP, layoutOf, mapsOf } from './tensor_layout.js';

const rgb = (hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
const TABLE = (() => {
  const [low, zero, high] = [NEGATIVE, NEUTRAL, POSITIVE].map(rgb);
  return Array.from({ length: 511 }, (_, i) => {
    const share = (i - 255) / 255;
    const end = share < 0 ? low : high;
    return zero.map((start, k) => Math.round(start + (end[k] - start) * Math.abs(share)));
  });
})();

export class TensorGrid {
  // `only` draws some of the maps; `most` limits the cells' size in pixels; `bound` is the end of the shared scale
  // where another drawing has the same.
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
    this.shown = only ?? Array.from({ length: this.maps.count }, (_, i) => i);
    const maps = { ...this.maps, count: this.shown.length };
    const { cell, across, down } = layoutOf(maps, width, height, most);
    this.cell = cell;
    this.across = across;
    this.down = down;
    this.wide = this.maps.columns * this.cell;
    this.high = Math.max(1, this.maps.rows * this.cell);
    this.canvas = document.createElement('canvas');
    this.canvas.className = 'tensor';
    this.width = Math.ceil(this.across * (this.wide + GAP) - GAP);
    this.height = Math.ceil(this.down * (this.high + GAP) - GAP);
    this.ratio = Math.min(2, window.devicePixelRatio || 1);
    this.canvas.width = Math.ceil(this.width * this.ratio);
    this.canvas.height = Math.ceil(this.height * this.ratio);
    this.canvas.style.width = `${this.width}px`;
    this.canvas.style.height = `${this.height}px`;
    this.lit = [];
    this.strong = null;
    this.picture = null;
    this.paint();
  }

  corner(place) {
    return [(place % this.across) * (this.wide + GAP), Math.floor(place / this.across) * (this.high + GAP)];
  }

  paint() {
    const pen = this.canvas.getContext('2d');
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
    const picture = document.createElement('canvas');
    picture.width = this.canvas.width;
    picture.height = this.canvas.height;
    const pen = picture.getContext('2d');
    pen.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    pen.imageSmoothingEnabled = this.cell < 1;
    const { rows, columns, size } = this.maps;
    const small = document.createElement('canvas');
    small.width = columns;
    small.height = rows;
    const ink = small.getContext('2d');
    this.bounds = {};
    this.shown.forEach((map, place) => {
      const from = map * size;
      const to = Math.min(from + size, this.values.length);
      const bound = this.shared ? this.bound : boundOf(this.values, from, to);
      this.bounds[map] = bound;
      const image = ink.createImageData(columns, rows);
      for (let i = from; i < to; i += 1) {
        const share = this.values[i] / bound;
        const at = (i - from) * 4;
        const color = !Number.isNaN(share)
          ? TABLE[255 + Math.max(-255, Math.min(255, Math.round(share * 255)))]
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

  writeNumbers(pen) {
    pen.font = `${Math.min(13, this.cell / 4.2)}px monospace`;
    pen.textAlign = 'center';
    pen.textBaseline = 'middle';
    this.shown.forEach((map) => {
      for (let i = 0; i < this.maps.size; i += 1) {
        const flat = map * this.maps.size + i;
        if (flat >= this.values.length) break;
        const [x, y] = this.boxOf(flat);
        const value = this.values[flat];
        const text = shorter(value).find((each) => pen.measureText(each).width <= this.cell - 2);
        pen.fillStyle = inkOn(value, this.bounds[map]);
        if (text) pen.fillText(text, x + this.cell / 2, y + this.cell / 2);
      }
    });
  }

  boxOf(flat) {
    const place = this.shown.indexOf(Math.floor(flat / this.maps.size));
    if (place < 0) return null;
    const [x, y] = this.corner(place);
    const inside = flat % this.maps.size;
    return [x + (inside % this.maps.columns) * this.cell, y + Math.floor(inside / this.maps.columns) * this.cell];
  }

  outline(pen, flat, thick, color) {
    const box = this.boxOf(flat);
    if (!box) return;
    const size = Math.max(this.cell, 3);
    pen.lineWidth = this.cell < 8 ? Math.min(thick, 1.5) : thick;
    pen.strokeStyle = color;
    pen.strokeRect(box[0] + 0.5, box[1] + 0.5, size - 1, size - 1);
  }

  // One line around the lit cells: an edge is drawn where the neighbour on the other side is dark.
  contour(pen) {
    const lit = new Set(this.lit);
    const size = Math.max(this.cell, 2);
    const { columns } = this.maps;
    pen.lineWidth = 2;
    pen.strokeStyle = '#111';
    pen.beginPath();
    for (const flat of this.lit) {
      const box = this.boxOf(flat);
      if (!box) continue;
      const [x, y] = box;
      const column = (flat % this.maps.size) % columns;
      const edge = (dark, ...line) => {
        if (!dark) return;
        pen.moveTo(line[0], line[1]);
        pen.lineTo(line[2], line[3]);
      };
      edge(!lit.has(flat - columns), x, y, x + size, y);
      edge(!lit.has(flat + columns), x, y + size, x + size, y + size);
      edge(column === 0 || !lit.has(flat - 1), x, y, x, y + size);
      edge(column === columns - 1 || !lit.has(flat + 1), x + size, y, x + size, y + size);
    }
    pen.stroke();
  }

  // The flat index of the cell under a pointer, or null between the maps.
  at(event) {
    const box = this.canvas.getBoundingClientRect();
    const scale = this.width / (box.width || 1);
    const [px, py] = [(event.clientX - box.left) * scale, (event.clientY - box.top) * scale];
    const [across, down] = [Math.floor(px / (this.wide + GAP)), Math.floor(py / (this.high + GAP))];
    const place = down * this.across + across;
    const [x, y] = this.corner(place);
    const [column, row] = [Math.floor((px - x) / this.cell), Math.floor((py - y) / this.cell)];
    if (across >= this.across || place >= this.shown.length || column < 0 || row < 0) return null;
    if (column >= this.maps.columns || row >= this.maps.rows) return null;
    const inside = row * this.maps.columns + column;
    const flat = this.shown[place] * this.maps.size + inside;
    return inside < this.maps.size && flat < this.values.length ? flat : null;
  }

  // The cell that an arrow key leads to from `flat`.
  moved(flat, key) {
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -this.maps.columns, ArrowDown: this.maps.columns }[key];
    const next = flat + step;
    return next >= 0 && next < this.values.length && this.boxOf(next) ? next : flat;
  }

  light(flats) {
    this.lit = flats;
    this.paint();
  }

  point(flat) {
    if (this.strong === flat) return;
    this.strong = flat;
    this.paint();
  }
}
