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
