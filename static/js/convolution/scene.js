// @ts-check
// A message about one layer becomes what the drawing is given; the other side is
// core/live/convolution/drawing_message.py.

import { reader } from '../lib/message.js';

/**
 * Joins the header's part with the arrays behind it.
 *
 * @param {import('./payload.js').DrawingHeader} header
 * @param {Float32Array} floats
 * @returns {Omit<import('./payload.js').WindowData, 'labels' | 'pin'>}
 */
export function join({ hasWeights, hasWinners, hasDivisors, ...facts }, floats) {
  const next = reader(floats);
  const read = (/** @type {number} */ count) => Array.from(next(count));
  const [cells, window, outputs] = [facts.size, facts.kernel, facts.out].map(([rows, columns]) => rows * columns);
  return {
    ...facts,
    x: facts.channels.map(() => read(cells)),
    w: hasWeights ? facts.channels.map(() => read(window)) : null,
    y: read(outputs).map((value) => (Number.isFinite(value) ? value : null)),
    winners: hasWinners ? read(outputs) : null,
    divisors: hasDivisors ? read(outputs) : null,
  };
}
