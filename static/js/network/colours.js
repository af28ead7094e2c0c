// @ts-check
// The colours of values in a light and in a dark theme: blue above zero, orange below, the paper's at zero. Gradients
// have colours of their own, green and purple, so that nobody takes the one for the other.

import { DARK, NEGATIVE, NEUTRAL, POSITIVE } from '../lib/palette.js';
import { isDark } from '../lib/theme.js';

/**
 * @typedef {object} Theme
 * @property {boolean} dark
 * @property {string} text
 * @property {string} paper behind everything
 * @property {string} line
 * @property {string} positive
 * @property {string} negative
 * @property {string} lit what a window, a receptive field and the chosen map are framed with
 * @property {Uint8ClampedArray} signed 511 colours, from the most negative value to the largest
 * @property {Uint8ClampedArray} ink 511 colours, from paper to ink; only the upper half is used
 */

const LIT = { light: '#d6246e', dark: '#ff6fa8' };
const ENDS = {
  light: { negative: NEGATIVE, neutral: NEUTRAL, positive: POSITIVE, paper: '#ffffff', ink: '#11151c' },
  dark: { ...DARK, paper: DARK.neutral, ink: '#ffffff' },
};

const GRADIENTS = {
  light: { negative: '#8a3ab9', positive: '#0b7a4b' },
  dark: { negative: '#c792ea', positive: '#3fd19a' },
};

/** @param {Element} host @param {boolean} [gradients] whether its values are gradients @returns {Theme} */
export function themeOf(host, gradients = false) {
  const style = getComputedStyle(host);
  const text = style.color;
  const dark = isDark(host);
  const mode = dark ? 'dark' : 'light';
  const ends = { ...ENDS[mode], ...(gradients ? GRADIENTS[mode] : {}) };
  return {
    dark,
    text,
    paper: style.getPropertyValue('--st-background-color') || (dark ? '#0e1117' : '#ffffff'),
    line: dark ? '#4a5060' : '#c4c9d4',
    positive: ends.positive,
    negative: ends.negative,
    lit: LIT[mode],
    signed: table(ends.negative, ends.neutral, ends.positive),
    ink: table(ends.paper, ends.paper, ends.ink),
  };
}

/** @param {string} low @param {string} middle @param {string} high */
function table(low, middle, high) {
  const [from, zero, to] = [low, middle, high].map((hex) =>
    [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16)),
  );
  const colours = new Uint8ClampedArray(511 * 4);
  for (let n = 0; n < 511; n += 1) {
    const share = (n - 255) / 255;
    const end = share < 0 ? from : to;
    for (let c = 0; c < 3; c += 1) colours[4 * n + c] = zero[c] + (end[c] - zero[c]) * Math.abs(share);
    colours[4 * n + 3] = 255;
  }
  return colours;
}

/**
 * Writes the colours of values from -bound to bound into the pixels of a picture.
 *
 * @param {Uint8ClampedArray} pixels
 * @param {ArrayLike<number>} values
 * @param {number} zero the value that has the colour of zero
 * @param {number} bound
 * @param {Uint8ClampedArray} colours
 */
export function colour(pixels, values, zero, bound, colours) {
  const scale = bound > 0 ? 255 / bound : 0;
  for (let n = 0; n < values.length; n += 1) {
    const at = 4 * (255 + Math.max(-255, Math.min(255, Math.round((values[n] - zero) * scale))));
    for (let c = 0; c < 4; c += 1) pixels[4 * n + c] = colours[at + c];
  }
}
