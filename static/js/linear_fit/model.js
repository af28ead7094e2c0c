// @ts-check
// One training as numbers: what the message holds, the ranges of the axes and their ticks.

import { reader } from '../lib/message.js';

/**
 * @typedef {object} Training of T iterations with six weights
 * @property {Float32Array} weights (T + 1) × 6
 * @property {Float32Array} gradients T × 6
 * @property {Float32Array} losses T
 * @property {Float32Array} batches T × the samples that are shown
 */

/**
 * The message as the facts of one training.
 *
 * @param {{ header: any, floats: Float32Array }} message
 * @returns {Training & any}
 */
export function trainingOf({ header, floats }) {
  const { done, shown } = header;
  const next = reader(floats);
  return {
    ...header,
    weights: next((done + 1) * 6),
    gradients: next(done * 6),
    losses: next(done),
    batches: next(done * shown),
  };
}

/**
 * About `count` round numbers between low and high, each a multiple of 1, 2 or 5 times a power of ten.
 *
 * @param {number} low
 * @param {number} high
 */
export function niceTicks(low, high, count = 5) {
  const rough = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= rough) ?? 10 * power;
  /** @type {number[]} */
  const ticks = [];
  for (let tick = Math.ceil(low / step) * step; tick <= high + step / 1e6; tick += step)
    ticks.push(Math.abs(tick) < step / 1e6 ? 0 : tick);
  return ticks;
}

/**
 * The ends of the axis of the weights: all of them, unless one runs away.
 *
 * @param {{ weights: ArrayLike<number> & Iterable<number>, target: number[] }} training
 */
export function weightRange({ weights, target }) {
  const reach = Math.max(1, ...target.map(Math.abs));
  let [low, high] = [Math.min(...target), Math.max(...target)];
  for (const value of weights) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  const margin = (high - low) * 0.05 || 0.1;
  return [Math.max(low - margin, -8 * reach), Math.min(high + margin, 8 * reach)];
}

/** The exponent at which a loss is drawn. @param {number} value */
export const decade = (value) => Math.log10(Math.max(1e-16, Number.isFinite(value) ? value : 1e12));

/**
 * The ends of the axis of the losses, as exponents of ten.
 *
 * @param {Iterable<number>} losses
 * @param {{ losses: Iterable<number> } | null} ghost the training before this one
 */
export function lossRange(losses, ghost) {
  let [low, high] = [Infinity, -Infinity];
  for (const list of [losses, ghost?.losses ?? []]) {
    for (const loss of list) {
      const d = decade(loss);
      if (d < low) low = d;
      if (d > high) high = d;
    }
  }
  return low < high ? [low - 0.2, high + 0.2] : [low - 1, high + 1];
}
