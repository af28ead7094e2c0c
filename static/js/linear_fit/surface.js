// @ts-check
// The loss of all samples over two weights, in bands of colour, and the path of the training over it.

import { decade, niceTicks } from '../lib/axes.js';
import { frame, tickText } from '../lib/curves.js';
import { contextOf } from '../lib/dom.js';
import { NEGATIVE } from '../lib/palette.js';
import { lossAt } from './model.js';

const [LIGHT, DARK] = [
  [232, 241, 252],
  [8, 48, 107],
]; // the least loss, the greatest
const BANDS = 18;

/** @typedef {(k: number) => number} Along a place in pixels, from a number */

/** @param {import('./model.js').Ground | null} a @param {import('./model.js').Ground | null} b */
const isSame = (a, b) =>
  a && b
    ? JSON.stringify(a.facts) === JSON.stringify(b.facts) && a.losses.every((loss, i) => loss === b.losses[i])
    : a === b;

export class SurfaceView {
  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.canvas = canvas;
    this.picture = document.createElement('canvas');
    /** @type {import('./model.js').Ground | null} */
    this.ground = null;
    this.painted = '';
    /** @type {import('../lib/curves.js').Frame | null} before it is drawn */
    this.f = null;
    /** @type {Along} */
    this.toX = (x) => x;
    /** @type {Along} */
    this.toY = (y) => y;
  }

  /**
   * Takes a surface; one that is the same as before is not painted again.
   *
   * @param {import('./model.js').Ground | null} ground
   */
  lay(ground) {
    if (!isSame(ground, this.ground)) this.painted = '';
    this.ground = ground;
  }

  /**
   * @param {import('./model.js').Training} training
   * @param {number} at the iteration that is shown
   * @param {string[]} names of the weights
   */
  draw(training, at, names) {
    const f = frame(this.canvas, 40);
    const { ground } = this;
    if (!ground) return;
    const { across, upward, low, high } = ground.facts;
    this.toX = (x) => f.left + ((x - low[0]) / (high[0] - low[0])) * (f.right - f.left);
    this.toY = (y) => f.bottom - ((y - low[1]) / (high[1] - low[1])) * (f.bottom - f.top);
    this.f = f;
    this.paint(ground, Math.round(f.right - f.left), Math.round(f.bottom - f.top));
    f.g.drawImage(this.picture, f.left, f.top, f.right - f.left, f.bottom - f.top);
    this.axes(f, ground, names);
    f.g.save();
    f.g.beginPath();
    f.g.rect(f.left, f.top, f.right - f.left, f.bottom - f.top);
    f.g.clip();
    const x = (/** @type {number} */ k) => this.toX(training.weights[k * 6 + across]);
    const y = (/** @type {number} */ k) => this.toY(training.weights[k * 6 + upward]);
    this.path(f.g, 0, at, x, y, 2.5, 1);
    this.path(f.g, at, training.have, x, y, 1.5, 0.6);
    const { target } = training.header;
    this.cross(f.g, this.toX(target[across]), this.toY(target[upward]));
    f.g.fillStyle = NEGATIVE;
    f.g.strokeStyle = '#fff';
    f.g.lineWidth = 2;
    f.g.beginPath();
    f.g.arc(x(at), y(at), 6, 0, 7);
    f.g.fill();
    f.g.stroke();
    f.g.restore();
  }

  /**
   * Paints the bands, once for a surface in a size.
   *
   * @param {import('./model.js').Ground} ground
   * @param {number} width
   * @param {number} height
   */
  paint(ground, width, height) {
    const size = `${width}×${height}`;
    if (this.painted === size || width < 1 || height < 1) return;
    this.painted = size;
    Object.assign(this.picture, { width, height });
    const g = contextOf(this.picture);
    const image = g.createImageData(width, height);
    const { low, high } = ground.facts;
    const levels = Array.from(ground.losses, decade);
    const [least, most] = [Math.min(...levels), Math.max(...levels)];
    for (let row = 0; row < height; row += 1) {
      const y = high[1] - ((row + 0.5) / height) * (high[1] - low[1]);
      for (let column = 0; column < width; column += 1) {
        const x = low[0] + ((column + 0.5) / width) * (high[0] - low[0]);
        const share = (decade(lossAt(ground, x, y)) - least) / (most - least || 1);
        const band = Math.max(0, Math.min(1, Math.floor(share * BANDS) / (BANDS - 1)));
        const place = 4 * (row * width + column);
        for (let c = 0; c < 3; c += 1) image.data[place + c] = LIGHT[c] + band * (DARK[c] - LIGHT[c]);
        image.data[place + 3] = 255;
      }
    }
    g.putImageData(image, 0, 0);
  }

  /** @param {import('../lib/curves.js').Frame} f @param {import('./model.js').Ground} ground @param {string[]} names */
  axes({ g, left, right, top, bottom }, { facts: { low, high, across, upward } }, names) {
    g.fillStyle = getComputedStyle(this.canvas).getPropertyValue('--st-text-color').trim();
    g.textAlign = 'right';
    g.textBaseline = 'middle';
    for (const tick of niceTicks(low[1], high[1], 4)) g.fillText(tickText(tick), left - 5, this.toY(tick));
    g.textAlign = 'center';
    g.textBaseline = 'top';
    for (const tick of niceTicks(low[0], high[0], 4)) {
      if (Math.abs(this.toX(tick) - right) > 12) g.fillText(tickText(tick), this.toX(tick), bottom + 6);
    }
    this.label(g, names[across], right - 4, bottom - 4, 'right');
    this.label(g, names[upward], left + 4, top + 16, 'left');
  }

  /**
   * A name on the surface itself, in a box of its own.
   *
   * @param {CanvasRenderingContext2D} g @param {string} text @param {number} x @param {number} y
   * @param {'left' | 'right'} align
   */
  label(g, text, x, y, align) {
    const width = g.measureText(text).width;
    g.fillStyle = 'rgba(255, 255, 255, .85)';
    g.fillRect(align === 'right' ? x - width - 4 : x - 4, y - 14, width + 8, 17);
    g.fillStyle = '#000';
    g.textAlign = align;
    g.textBaseline = 'alphabetic';
    g.fillText(text, x, y);
  }

  /**
   * @param {CanvasRenderingContext2D} g @param {number} from @param {number} to @param {Along} x @param {Along} y
   * @param {number} width @param {number} alpha
   */
  path(g, from, to, x, y, width, alpha) {
    g.strokeStyle = NEGATIVE;
    g.lineWidth = width;
    g.globalAlpha = alpha;
    g.beginPath();
    const stride = Math.max(1, Math.floor((to - from) / 600));
    for (let k = from; k < to; k += stride) g.lineTo(x(k), y(k));
    g.lineTo(x(to), y(to));
    g.stroke();
    g.globalAlpha = 1;
  }

  /** @param {CanvasRenderingContext2D} g @param {number} x @param {number} y */
  cross(g, x, y) {
    for (const { color, width } of [
      { color: '#fff', width: 5 },
      { color: '#000', width: 2 },
    ]) {
      g.strokeStyle = color;
      g.lineWidth = width;
      g.beginPath();
      for (const [dx, dy] of [
        [-5, -5],
        [5, -5],
      ]) {
        g.moveTo(x + dx, y + dy);
        g.lineTo(x - dx, y - dy);
      }
      g.stroke();
    }
  }

  /** The two weights and the loss where the pointer is; null where there is no surface. @param {PointerEvent} event */
  under(event) {
    if (!this.ground || !this.f) return null;
    const box = this.canvas.getBoundingClientRect();
    const { low, high } = this.ground.facts;
    const { left, right, top, bottom } = this.f;
    const x = low[0] + ((event.clientX - box.left - left) / (right - left)) * (high[0] - low[0]);
    const y = high[1] - ((event.clientY - box.top - top) / (bottom - top)) * (high[1] - low[1]);
    const loss = lossAt(this.ground, x, y);
    return Number.isNaN(loss) ? null : { x, y, loss };
  }
}
