// @ts-check
// The losses of four programs as they come, and how large their matrices are drawn.

import { reader } from '../lib/message.js';

/**
 * @typedef {object} Losses of `total` iterations, of which `have` are here
 * @property {string} name of the settings
 * @property {number} total
 * @property {number} have
 * @property {Float32Array[]} programs
 */

/** @param {string} name @param {number} total @param {number} count of programs @returns {Losses} */
export const newLosses = (name, total, count) => ({
  name,
  total,
  have: 0,
  programs: Array.from({ length: count }, () => new Float32Array(total)),
});

/**
 * Takes a message in.
 *
 * @param {Losses} losses
 * @param {{ first: number, count: number }} header
 * @param {Float32Array} floats
 */
export function take(losses, { first, count }, floats) {
  const next = reader(floats);
  for (const program of losses.programs) program.set(next(count), first);
  losses.have = Math.max(losses.have, first + count);
}

/** The exponent at which a loss is drawn; one that is no number has none. @param {number} value */
export const power = (value) => (Number.isFinite(value) ? Math.log10(Math.max(1e-30, value)) : Number.NaN);

/**
 * The ends of the axis of the losses, as exponents of ten.
 *
 * @param {Losses} losses
 */
export function powerRange({ programs, have }) {
  let [low, high] = [Infinity, -Infinity];
  for (const program of programs) {
    for (let k = 0; k < have; k += 1) {
      const at = power(program[k]);
      if (at < low) low = at;
      if (at > high) high = at;
    }
  }
  return low < high ? [low - 0.2, high + 0.2] : [-1, 1];
}

/** The side of a matrix in pixels: a factor of ten is as long everywhere. @param {number} size @param {number} most */
export const side = (size, most) => Math.round(10 + ((most - 10) * Math.log10(size)) / Math.log10(4000));

/**
 * The products of the forward pass: name, rows and columns of each matrix, and the sign before it.
 *
 * @param {import('../lib/settings.js').Values} sizes
 */
export const matrices = (sizes) => {
  const [N, D_in, H, D_out] = ['N', 'D_in', 'H', 'D_out'].map((name) => Number(sizes[name]));
  return [
    { sign: '', name: 'x', rows: N, columns: D_in },
    { sign: '·', name: 'w1', rows: D_in, columns: H },
    { sign: '→', name: 'h_relu', rows: N, columns: H },
    { sign: '·', name: 'w2', rows: H, columns: D_out },
    { sign: '=', name: 'y_pred', rows: N, columns: D_out },
  ];
};
