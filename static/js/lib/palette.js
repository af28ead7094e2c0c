// @ts-check
// The project's one palette; core/figures/palette.py mirrors that of a light theme. In a dark one zero is dark.

export const NEGATIVE = '#d9730d';
export const NEUTRAL = '#f7f7f7';
export const POSITIVE = '#1f6feb';
export const DARK = { negative: '#ff9440', neutral: '#1d2129', positive: '#5b9dff' };

/** @param {string} hex */
const channels = (hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));

/** @param {number} value @param {number} bound */
const shareOf = (value, bound) => (bound > 0 ? Math.max(-1, Math.min(1, value / bound)) : 0);

const ENDS = {
  light: [NEGATIVE, NEUTRAL, POSITIVE].map(channels),
  dark: [DARK.negative, DARK.neutral, DARK.positive].map(channels),
};

/** @param {number} share from -1 to 1 @param {boolean} dark */
export function channelsAt(share, dark) {
  const [negative, from, positive] = dark ? ENDS.dark : ENDS.light;
  const to = share < 0 ? negative : positive;
  const size = Math.abs(share);
  const rgb = [0, 0, 0]; // thousands of cells are painted in one frame: no function for each number
  for (let i = 0; i < 3; i += 1) rgb[i] = Math.round(from[i] + (to[i] - from[i]) * size);
  return rgb;
}

/**
 * The colour of a signed value: orange at -bound, neutral at 0, blue at +bound.
 *
 * @param {number} value
 * @param {number} bound
 * @param {boolean} dark whether the theme is
 */
export const signedColor = (value, bound, dark) => `rgb(${channelsAt(shareOf(value, bound), dark).join(', ')})`;

/**
 * Black or white, for text on the colour of a signed value: what has the larger contrast with it (WCAG 2).
 *
 * @param {number} value
 * @param {number} bound
 * @param {boolean} dark whether the theme is
 */
export const inkOn = (value, bound, dark) =>
  (dark ? INKS.dark : INKS.light)[Math.round(100 * shareOf(value, bound)) + 100] ?? '#000';

/**
 * The colours of an element that shows a signed value: they follow the theme by themselves.
 *
 * @param {number} value
 * @param {number} bound
 */
export const cellColours = (value, bound) => {
  const both = (/** @type {typeof signedColor} */ of) =>
    `light-dark(${of(value, bound, false)}, ${of(value, bound, true)})`;
  return { background: both(signedColor), color: both(inkOn) };
};

const [light, dark] = [false, true].map((is) =>
  Array.from({ length: 201 }, (_, at) => {
    const paper = luminance(channelsAt(shareOf(at - 100, 100), is)) + 0.05;
    return 1.05 / paper > paper / 0.05 ? '#fff' : '#000';
  }),
);
const INKS = { light, dark };

/** @param {number[]} rgb */
function luminance(rgb) {
  const [red, green, blue] = rgb.map((c) =>
    c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4,
  );
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
