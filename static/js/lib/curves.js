// @ts-check
// Curves over the iterations of a training, on a canvas.

import { contextOf } from './dom.js';

/**
 * @typedef {object} Frame the canvas and the part of it that is for the curves
 * @property {CanvasRenderingContext2D} g
 * @property {number} width
 * @property {number} height
 * @property {number} left
 * @property {number} right
 * @property {number} top
 * @property {number} bottom
 */

/** @param {HTMLCanvasElement} canvas @returns {Frame} */
export function frame(canvas, left = 44) {
  const ratio = window.devicePixelRatio || 1;
  const { clientWidth: width, clientHeight: height } = canvas;
  if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
  }
  const g = contextOf(canvas);
  g.setTransform(ratio, 0, 0, ratio, 0, 0);
  g.clearRect(0, 0, width, height);
  g.font = '12px sans-serif';
  return { g, width, height, left, right: width - 8, top: 8, bottom: height - 22 };
}

/** @param {number} tick */
export const tickText = (tick) => String(Number(tick.toPrecision(3))).replace('-', '−');

/** @param {number} power of ten */
export const powerText = (power) => `1e${power}`.replace('-', '−');

/**
 * The places of a curve that are worth drawing: all of them, or of each column of pixels the first, and the lowest and
 * the highest where these are a pixel apart. A curve of 5,000 places looks the same and costs no more than its pixels.
 *
 * @param {number} count of places
 * @param {(k: number) => number} x grows with k
 * @param {(k: number) => number} y
 */
export function worthDrawing(count, x, y) {
  if (count < 2 || count <= 4 * (x(count - 1) - x(0))) return Array.from({ length: count }, (_, k) => k);
  /** @type {number[]} */
  const places = [];
  for (let k = 0; k < count; ) {
    const column = Math.floor(x(k));
    let [low, high, next] = [k, k, k + 1];
    let [least, most] = [y(k), y(k)];
    for (; next < count && Math.floor(x(next)) === column; next += 1) {
      const here = y(next);
      if (here < least) [low, least] = [next, here];
      if (here > most) [high, most] = [next, here];
    }
    places.push(k);
    if (most - least >= 1) places.push(...[low, high].filter((place) => place > k).sort((a, b) => a - b));
    k = next;
  }
  if (places.at(-1) !== count - 1) places.push(count - 1);
  return places;
}

/** Curves over iterations: where an iteration lies, and what is drawn around them. */
export class Curves {
  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.canvas = canvas;
    /** @type {Frame | null} */
    this.begun = null;
    this.toX = (/** @type {number} */ k) => k;
    this.toY = (/** @type {number} */ value) => value;
    this.ink = this.rule = '';
  }

  /** The canvas and the part of it that is for the curves; `begin` comes before all that asks for it. */
  get f() {
    if (!this.begun) throw new Error('not begun');
    return this.begun;
  }

  /** @param {number} total @param {number[]} range of what is drawn upward */
  begin(total, [low, high]) {
    const f = frame(this.canvas);
    this.begun = f;
    this.toX = (/** @type {number} */ k) => f.left + (k / Math.max(1, total)) * (f.right - f.left);
    this.toY = (/** @type {number} */ value) => f.bottom - ((value - low) / (high - low)) * (f.bottom - f.top);
    const style = getComputedStyle(this.canvas);
    this.ink = style.getPropertyValue('--st-text-color').trim();
    this.rule = style.getPropertyValue('--st-border-color').trim();
  }

  /** @param {number[]} ticks @param {(tick: number) => string} text @param {number} total */
  axes(ticks, text, total) {
    const { g, left, right, bottom } = this.f;
    g.strokeStyle = this.rule;
    g.fillStyle = this.ink;
    g.lineWidth = 1;
    g.textAlign = 'right';
    g.textBaseline = 'middle';
    for (const tick of ticks) {
      this.segment(left, this.toY(tick), right, this.toY(tick));
      g.fillText(text(tick), left - 6, this.toY(tick));
    }
    g.textBaseline = 'top';
    for (const share of [0, 0.5, 1]) {
      g.textAlign = share === 1 ? 'right' : share === 0 ? 'left' : 'center';
      g.fillText(Math.round(share * total).toLocaleString('en'), left + share * (right - left), bottom + 6);
    }
  }

  /** @param {number} x @param {number} y @param {number} toX @param {number} toY */
  segment(x, y, toX, toY) {
    const { g } = this.f;
    g.beginPath();
    g.moveTo(x, y);
    g.lineTo(toX, toY);
    g.stroke();
  }

  clip() {
    const { g, left, right, top, bottom } = this.f;
    g.save();
    g.beginPath();
    g.rect(left, top, right - left, bottom - top);
    g.clip();
  }

  /**
   * The curve from place `from` to the one before `to`.
   *
   * @param {number[]} places that are worth drawing, of the whole curve
   * @param {number} from @param {number} to @param {(k: number) => number} x @param {(k: number) => number} y
   */
  line(places, from, to, x, y) {
    if (to <= from) return;
    const { g } = this.f;
    g.beginPath();
    g.moveTo(x(from), y(from));
    for (const k of places) if (k > from && k < to) g.lineTo(x(k), y(k));
    g.lineTo(x(to - 1), y(to - 1));
    g.stroke();
  }

  /** @param {number} at */
  cursor(at) {
    this.f.g.strokeStyle = this.ink;
    this.f.g.lineWidth = 1;
    this.segment(this.toX(at), this.f.top, this.toX(at), this.f.bottom);
  }
}
