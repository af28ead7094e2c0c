// @ts-check
// One training as numbers: what has come of it so far, the ranges of the axes and their ticks.

import { decade, NONE, widenEnds } from '../lib/axes.js';
import { reader } from '../lib/message.js';

/**
 * A training with six weights, of whose `total` iterations `have` are here.
 *
 * @typedef {object} Training
 * @property {string} name of its settings
 * @property {number} total
 * @property {number} have
 * @property {Float32Array} weights (total + 1) × 6
 * @property {Float32Array} gradients total × 6
 * @property {Float32Array} losses total
 * @property {Float32Array} batches total × the samples that are shown
 * @property {readonly [number, number]} weightEnds the least and the greatest weight so far
 * @property {readonly [number, number]} lossEnds those of the losses, as exponents of ten
 * @property {import('./payload.js').FitHeader} header of its first message
 * @property {boolean} diverged
 *
 * @typedef {object} Ground the loss of all samples over two weights
 * @property {import('./payload.js').SurfaceFacts} facts
 * @property {Float32Array} losses row by row, the lowest first
 */

/**
 * A training of which nothing is here yet.
 *
 * @param {import('./payload.js').FitHeader} header
 * @returns {Training}
 */
export function newTraining(header) {
  const { fit, total, samples } = header;
  return {
    name: fit,
    total,
    have: 0,
    weights: new Float32Array((total + 1) * 6),
    gradients: new Float32Array(total * 6),
    losses: new Float32Array(total),
    batches: new Float32Array(total * samples),
    weightEnds: NONE,
    lossEnds: NONE,
    header,
    diverged: false,
  };
}

/**
 * Takes a message in; returns the surface that it brings, or null.
 *
 * @param {Training} training
 * @param {import('./payload.js').FitHeader} header
 * @param {Float32Array} floats
 * @returns {Ground | null}
 */
export function take(training, header, floats) {
  const { first, count, samples, surface, diverged, total } = header;
  const next = reader(floats);
  const weights = next((first ? count : count + 1) * 6);
  training.weights.set(weights, first && (first + 1) * 6);
  training.weightEnds = widenEnds(training.weightEnds, weights);
  training.gradients.set(next(count * 6), first * 6);
  const losses = next(count);
  training.losses.set(losses, first);
  training.lossEnds = widenEnds(training.lossEnds, losses, decade);
  training.batches.set(next(count * samples), first * samples);
  training.have = Math.max(training.have, first + count);
  training.total = total; // fewer than before where it diverges
  training.diverged = diverged;
  return surface && { facts: surface, losses: next(surface.points ** 2) };
}

/**
 * The ends of the axis of the weights: all of them, unless one runs away.
 *
 * @param {readonly [number, number]} ends the least and the greatest weight
 * @param {number[]} target
 */
export function weightRange([least, most], target) {
  const reach = Math.max(1, ...target.map(Math.abs));
  const [low, high] = [Math.min(least, ...target), Math.max(most, ...target)];
  const margin = (high - low) * 0.05 || 0.1;
  return [Math.max(low - margin, -8 * reach), Math.min(high + margin, 8 * reach)];
}

const PACES = [50, 2]; // iterations a second, beside the whole run in six

/**
 * Iterations a second.
 *
 * @param {number} pace which of the three
 * @param {number} total
 */
export const perSecond = (pace, total) => (pace ? PACES[pace - 1] : Math.max(1, total / 6));

/**
 * The loss at a place of the surface, between its points; NaN outside.
 *
 * @param {Ground} ground
 * @param {number} x
 * @param {number} y
 */
export function lossAt({ facts: { low, high, points }, losses }, x, y) {
  const column = ((x - low[0]) / (high[0] - low[0])) * (points - 1); // a surface asks for each of its pixels: no arrays
  const row = ((y - low[1]) / (high[1] - low[1])) * (points - 1);
  if (!(column >= 0 && row >= 0 && column <= points - 1 && row <= points - 1)) return Number.NaN;
  const left = Math.min(points - 2, Math.floor(column));
  const below = Math.min(points - 2, Math.floor(row));
  const right = column - left;
  const up = row - below;
  const at = below * points + left;
  const lower = (1 - right) * losses[at] + right * losses[at + 1];
  const upper = (1 - right) * losses[at + points] + right * losses[at + points + 1];
  return (1 - up) * lower + up * upper;
}
