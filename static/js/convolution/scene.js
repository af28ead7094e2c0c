// @ts-check
// A message about one layer becomes what the drawing is given; the other side is core/live/convolution/frame.py.

import { reader } from '../lib/message.js';

/**
 * Joins the header's part with the arrays behind it.
 *
 * @param {import('./payload.js').Frame} frame
 * @param {Float32Array} floats
 * @returns {Omit<import('./payload.js').WindowData, 'labels' | 'pin'>}
 */
export function join({ hasWeights, hasWinners, hasDivisors, ...frame }, floats) {
  const next = reader(floats);
  const read = (/** @type {number} */ count) => Array.from(next(count));
  const [cells, window, outputs] = [frame.size, frame.kernel, frame.out].map(([rows, columns]) => rows * columns);
  return {
    ...frame,
    x: frame.channels.map(() => read(cells)),
    w: hasWeights ? frame.channels.map(() => read(window)) : null,
    y: read(outputs).map((value) => (Number.isFinite(value) ? value : null)),
    winners: hasWinners ? read(outputs) : null,
    divisors: hasDivisors ? read(outputs) : null,
  };
}
