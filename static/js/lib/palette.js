// The project's one palette; core/figures/palette.py mirrors it.

export const NEGATIVE = '#d9730d';
export const NEUTRAL = '#f7f7f7';
export const POSITIVE = '#1f6feb';

const channels = (hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));

// The colour of a signed value: orange at -bound, neutral at 0, blue at +bound.
export function signed(value, bound) {
  const share = bound > 0 ? Math.max(-1, Math.min(1, value / bound)) : 0;
  const [from, to] = [channels(NEUTRAL), channels(share < 0 ? NEGATIVE : POSITIVE)];
  const mixed = from.map((start, i) => Math.round(start + (to[i] - start) * Math.abs(share)));
  return `rgb(${mixed.join(', ')})`;
}

// Black or white, for text on the colour of a signed value: what has the larger contrast with it (WCAG 2).
export function inkOn(value, bound) {
  const share = bound > 0 ? Math.max(-1, Math.min(1, value / bound)) : 0;
  return INKS[Math.round(100 * share) + 100] ?? '#000';
}

const INKS = Array.from({ length: 201 }, (_, at) => {
  const light = luminance(signed(at - 100, 100).match(/\d+/g).map(Number)) + 0.05;
  return 1.05 / light > light / 0.05 ? '#fff' : '#000';
});

function luminance(rgb) {
  const [red, green, blue] = rgb.map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
