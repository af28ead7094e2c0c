// @ts-check
// The curves of the six weights and of the loss, over the iterations.

import { decade, niceTicks, powers } from '../lib/axes.js';
import { Curves, powerText, tickText } from '../lib/curves.js';
import { POSITIVE } from '../lib/palette.js';
import { COLORS } from './style.js';

const FAINT = 0.35; // of what is computed and not played yet

/** The six weights and their targets. */
export class WeightCurves extends Curves {
  /**
   * @param {import('./model.js').Training} training
   * @param {number} at the iteration that is shown
   * @param {number} chosen the weight that is drawn thick
   * @param {number[]} range
   */
  draw(training, at, chosen, range) {
    this.begin(training.total, range);
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
    this.begin(training.total, [low, high]);
    const { g } = this.f;
    this.axes(powers(low, high), powerText, training.total);
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
