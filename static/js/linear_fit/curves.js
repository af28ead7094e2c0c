// @ts-check
// The curves of the six weights and of the loss, over the iterations.

import { decade, niceTicks, powers } from '../lib/axes.js';
import { Curves, powerText, tickText, worthDrawing } from '../lib/curves.js';
import { POSITIVE } from '../lib/palette.js';
import { COLORS } from './style.js';

const FAINT = 0.35; // of what is computed and not played yet

/** The six weights and their targets. */
export class WeightCurves extends Curves {
  key = ''; // what `places` were found for
  /** @type {number[][]} of each weight */
  places = [];

  /**
   * @param {import('./model.js').Training} training
   * @param {number} at the iteration that is shown
   * @param {number} weight the weight that is drawn thick
   * @param {number[]} range
   */
  draw(training, at, weight, range) {
    this.begin(training.total, range);
    const { total, have } = training;
    const { g, left, right } = this.f;
    const of = (/** @type {number} */ i) => (/** @type {number} */ k) => this.toY(training.weights[k * 6 + i]);
    const key = [training.name, total, have, left, right, ...range].join();
    if (key !== this.key) {
      this.places = training.header.target.map((_, i) => worthDrawing(have + 1, this.toX, of(i)));
      this.key = key;
    }
    this.axes(niceTicks(range[0], range[1]), tickText, total);
    this.clip();
    training.header.target.forEach((goal, i) => {
      g.strokeStyle = g.fillStyle = COLORS[i];
      g.setLineDash([5, 4]);
      g.lineWidth = 1;
      this.segment(left, this.toY(goal), right, this.toY(goal));
      g.setLineDash([]);
      g.lineWidth = i === weight ? 3 : 1.8;
      const y = of(i);
      this.line(this.places[i], 0, at + 1, this.toX, y);
      g.globalAlpha = FAINT;
      this.line(this.places[i], at, have + 1, this.toX, y);
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
  key = ''; // what the places were found for
  /** @type {number[]} */
  places = [];
  /** @type {number[]} of the training before */
  before = [];

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
    const y = (/** @type {number} */ k) => this.toY(decade(training.losses[k]));
    const x = (/** @type {number} */ k) => this.toX(k + 1);
    const earlier = (/** @type {number} */ k) => this.toY(decade(ghost?.losses[k] ?? 1));
    const { left, right } = this.f;
    const key = [training.name, training.total, training.have, ghost?.name, left, right, low, high].join();
    if (key !== this.key) {
      this.places = worthDrawing(training.have, x, y);
      this.before = worthDrawing(ghost?.have ?? 0, x, earlier);
      this.key = key;
    }
    g.lineWidth = 1;
    if (ghost) {
      g.strokeStyle = this.ink;
      g.globalAlpha = 0.25;
      this.line(this.before, 0, ghost.have, x, earlier);
    }
    g.strokeStyle = POSITIVE;
    g.lineWidth = 1.2;
    g.globalAlpha = FAINT;
    this.line(this.places, Math.max(0, at - 1), training.have, x, y);
    g.globalAlpha = 1;
    this.line(this.places, 0, at, x, y);
    this.cursor(at);
    g.restore();
  }
}
