// @ts-check
// Paints a tensor's cells on a canvas: the maps in colour, numbers where there is room, and a line around lit cells.

import { contextOf, el } from '../lib/dom.js';
import { shorter } from '../lib/numbers.js';
import { channelsAt, inkOn } from '../lib/palette.js';
import { isPageDark } from '../lib/theme.js';

const STEPS = 255; // of colour on either side of 0
const [LIGHT, DARK] = [false, true].map((dark) =>
  Array.from({ length: 2 * STEPS + 1 }, (_, i) => channelsAt((i - STEPS) / STEPS, dark)),
);
const NAN = [214, 0, 108]; // what is no number is no colour of the scale
const STRONG = '#d6006c';
const NUMBERED = 34; // pixels: from this size on a cell has room for its number

/** @typedef {CanvasRenderingContext2D} Pen */

export class TensorPainter {
  /**
   * @param {HTMLCanvasElement} canvas
   * @param {import('./tensor_layout.js').TensorLayout} layout
   * @param {Float32Array} values
   * @param {Map<number, number>} bounds the end of the scale of each map that is drawn
   */
  constructor(canvas, layout, values, bounds) {
    this.canvas = canvas;
    this.layout = layout;
    this.values = values;
    this.bounds = bounds;
    this.ratio = Math.min(2, window.devicePixelRatio || 1);
    canvas.width = Math.ceil(layout.width * this.ratio);
    canvas.height = Math.ceil(layout.height * this.ratio);
    Object.assign(canvas.style, { width: `${layout.width}px`, height: `${layout.height}px` });
    this.picture = el('canvas', { width: canvas.width, height: canvas.height }); // the maps, without what is lit
    this.isFresh = false; // whether the picture has the maps as they are
    this.dark = isPageDark();
  }

  /** Has the maps painted again, in the colours of the theme that the page has now. */
  forget() {
    this.dark = isPageDark();
    this.isFresh = false;
  }

  /** Has other numbers painted. @param {Float32Array} values @param {Map<number, number>} bounds */
  take(values, bounds) {
    this.values = values;
    this.bounds = bounds;
    this.isFresh = false;
  }

  /** @param {number[]} lit @param {number | null} strong one cell that stands out */
  paint(lit, strong) {
    const { width, height, cell } = this.layout;
    const pen = this.penOn(this.canvas);
    pen.clearRect(0, 0, width, height);
    if (!this.isFresh) this.paintMaps();
    this.isFresh = true;
    pen.drawImage(this.picture, 0, 0, width, height);
    if (cell >= NUMBERED) this.writeNumbers(pen);
    this.contour(pen, lit);
    if (strong !== null) this.outline(pen, strong);
  }

  /** A pen in the pixels of the layout. @param {HTMLCanvasElement} canvas */
  penOn(canvas) {
    const pen = contextOf(canvas);
    pen.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    pen.imageSmoothingEnabled = this.layout.cell < 1;
    return pen;
  }

  paintMaps() {
    const { visible, mapWidth, mapHeight, maps } = this.layout;
    const pen = this.penOn(this.picture);
    pen.clearRect(0, 0, this.layout.width, this.layout.height);
    pen.strokeStyle = 'rgba(128,128,128,.45)';
    pen.lineWidth = 0.5;
    const small = el('canvas', { width: maps.columns, height: maps.rows });
    visible.forEach((map, place) => {
      this.colourMap(contextOf(small), map);
      const [x, y] = this.layout.corner(place);
      pen.drawImage(small, x, y, mapWidth, mapHeight);
      pen.strokeRect(x + 0.25, y + 0.25, mapWidth - 0.5, mapHeight - 0.5);
    });
  }

  /** One map, a pixel a cell. @param {Pen} pen @param {number} map */
  colourMap(pen, map) {
    const { rows, columns, size } = this.layout.maps;
    const table = this.dark ? DARK : LIGHT;
    const bound = this.bounds.get(map) ?? 1;
    const image = pen.createImageData(columns, rows);
    this.values.subarray(map * size, (map + 1) * size).forEach((value, i) => {
      const share = Math.max(-1, Math.min(1, value / bound));
      image.data.set([...(Number.isNaN(share) ? NAN : table[STEPS + Math.round(share * STEPS)]), 255], 4 * i);
    });
    pen.putImageData(image, 0, 0);
  }

  /** @param {Pen} pen */
  writeNumbers(pen) {
    const { visible, maps, cell } = this.layout;
    pen.font = `${Math.min(13, cell / 4.2)}px monospace`;
    pen.textAlign = 'center';
    pen.textBaseline = 'middle';
    for (const map of visible) {
      const end = Math.min((map + 1) * maps.size, this.values.length);
      for (let flat = map * maps.size; flat < end; flat += 1) {
        const [x, y] = this.layout.boxOf(flat) ?? [0, 0];
        const value = this.values[flat];
        const text = shorter(value).find((each) => pen.measureText(each).width <= cell - 2);
        pen.fillStyle = inkOn(value, this.bounds.get(map) ?? 1, this.dark);
        if (text) pen.fillText(text, x + cell / 2, y + cell / 2);
      }
    }
  }

  /** @param {Pen} pen @param {number} flat */
  outline(pen, flat) {
    const { cell } = this.layout;
    const box = this.layout.boxOf(flat);
    if (!box) return;
    const size = Math.max(cell, 3);
    pen.lineWidth = cell < 8 ? 1.5 : 3;
    pen.strokeStyle = STRONG;
    pen.strokeRect(box[0] + 0.5, box[1] + 0.5, size - 1, size - 1);
  }

  /** @param {Pen} pen @param {number[]} lit */
  contour(pen, lit) {
    pen.lineWidth = 2;
    pen.strokeStyle = this.dark ? '#fff' : '#111';
    pen.beginPath();
    for (const [x1, y1, x2, y2] of this.layout.contourOf(lit)) {
      pen.moveTo(x1, y1);
      pen.lineTo(x2, y2);
    }
    pen.stroke();
  }
}
