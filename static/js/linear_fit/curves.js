// @ts-check
// The curves of the six weights and of the loss, over the iterations.

import { POSITIVE } from '../lib/palette.js';
import { decade, niceTicks } from './model.js';
import { COLORS } from './style.js';

const FAINT = 0.35; // of what is computed and not played yet

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
  const g = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
  g.setTransform(ratio, 0, 0, ratio, 0, 0);
  g.clearRect(0, 0, width, height);
  g.font = '12px sans-serif';
  return { g, width, height, left, right: width - 8, top: 8, bottom: height - 22 };
}

/** @param {number} tick */
export const tickText = (tick) => String(Number(tick.toPrecision(3))).replace('-', '−');

/** What both figures share: where an iteration lies, and what is drawn around the curves. */
class Curves {
  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.canvas = canvas;
  }

  /** @param {import('./model.js').Training} training @param {number[]} range */
  begin(training, [low, high]) {
    const f = frame(this.canvas);
    this.f = f;
    this.toX = (/** @type {number} */ k) => f.left + (k / Math.max(1, training.total)) * (f.right - f.left);
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

  /** @param {number} from @param {number} to @param {(k: number) => number} x @param {(k: number) => number} y */
  line(from, to, x, y, stride = 1) {
    if (to <= from) return;
    const { g } = this.f;
    g.beginPath();
    for (let k = from; k < to; k += stride) g.lineTo(x(k), y(k));
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

/** The six weights and their targets. */
export class WeightCurves extends Curves {
  /**
   * @param {import('./model.js').Training} training
   * @param {number} at the iteration that is shown
   * @param {number} chosen the weight that is drawn thick
   * @param {number[]} range
   */
  draw(training, at, chosen, range) {
    this.begin(training, range);
    const { total, have } = training;
    const { g, left, right } = this.f;
    this.axes(niceTicks(range[0], range[1]), tickText, total);
    this.clip();
    const stride = Math.max(1, Math.floor(total / (right - left)));
    training.header.target.forEach((goal, i) => {
      g.strokeStyle = g.fillStyle = COLORS[i];
      g.setLineDash([5, 4]);
      g.lineWidth = 1;
      this.segment(left, this.toY(goal), right, this.toY(goal));
      g.setLineDash([]);
      g.lineWidth = i === chosen ? 3 : 1.8;
      const y = (/** @type {number} */ k) => this.toY(training.weights[k * 6 + i]);
      this.line(0, at + 1, this.toX, y, stride);
      g.globalAlpha = FAINT;
      this.line(at, have + 1, this.toX, y, stride);
      g.globalAlpha = 1;
      g.beginPath();
      g.arc(this.toX(at), y(at), 4, 0, 7);
      g.fill();
    });
    this.cursor(at);
    g.restore();
  }
}

/** The loss of each mini-batch, and that of the training before. */
export class LossCurve extends Curves {
  /**
   * @param {import('./model.js').Training} training
   * @param {number} at
   * @param {import('./model.js').Training | null} ghost the training before
   * @param {number[]} range exponents of ten
   */
  draw(training, at, ghost, [low, high]) {
    this.begin(training, [low, high]);
    const { g } = this.f;
    const every = Math.max(1, Math.ceil((high - low) / 6));
    /** @type {number[]} */
    const ticks = [];
    for (let tick = Math.ceil(low); tick <= high; tick += every) ticks.push(tick);
    this.axes(ticks, (tick) => `1e${tick}`.replace('-', '−'), training.total);
    this.clip();
    g.lineWidth = 1;
    if (ghost) {
      g.strokeStyle = this.ink;
      g.globalAlpha = 0.25;
      this.line(0, ghost.have, this.toX, (k) => this.toY(decade(ghost.losses[k])));
    }
    const y = (/** @type {number} */ k) => this.toY(decade(training.losses[k]));
    const x = (/** @type {number} */ k) => this.toX(k + 1);
    g.strokeStyle = POSITIVE;
    g.lineWidth = 1.2;
    g.globalAlpha = FAINT;
    this.line(Math.max(0, at - 1), training.have, x, y);
    g.globalAlpha = 1;
    this.line(0, at, x, y);
    this.cursor(at);
    g.restore();
  }
}
