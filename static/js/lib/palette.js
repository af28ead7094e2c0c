// @ts-check
// The project's one palette; core/figures/palette.py mirrors it.

export const NEGATIVE = '#d9730d';
export const NEUTRAL = '#f7f7f7';
export const POSITIVE = '#1f6feb';

/** @param {string} hex */
const channels = (hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));

/** @param {number} value @param {number} bound */
const shareOf = (value, bound) => (bound > 0 ? Math.max(-1, Math.min(1, value / bound)) : 0);

/** @param {number} share from -1 to 1 */
function channelsAt(share) {
  const [from, to] = [channels(NEUTRAL), channels(share < 0 ? NEGATIVE : POSITIVE)];
  return from.map((start, i) => Math.round(start + (to[i] - start) * Math.abs(share)));
}

/**
 * The colour of a signed value: orange at -bound, neutral at 0, blue at +bound.
 *
 * @param {number} value
 * @param {number} bound
 */
export const signedColor = (value, bound) => `rgb(${channelsAt(shareOf(value, bound)).join(', ')})`;

/**
 * Black or white, for text on the colour of a signed value: what has the larger contrast with it (WCAG 2).
 *
 * @param {number} value
 * @param {number} bound
 */
export const inkOn = (value, bound) => INKS[Math.round(100 * shareOf(value, bound)) + 100] ?? '#000';

const INKS = Array.from({ length: 201 }, (_, at) => {
  const light = luminance(channelsAt(shareOf(at - 100, 100))) + 0.05;
  return 1.05 / light > light / 0.05 ? '#fff' : '#000';
});

/** @param {number[]} rgb */
function luminance(rgb) {
  const [red, green, blue] = rgb.map((c) =>
    c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4,
  );
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
