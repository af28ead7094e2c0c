// @ts-check
// How numbers are written: with a real minus sign, in as many digits as there is room for.

/** @param {string} text */
const withMinus = (text) => text.replaceAll('-', '−');

/**
 * A number in at most three digits; an infinity as ∞. A number that is not there is ''.
 *
 * @param {number | null | undefined} value
 */
export function brief(value) {
  if (value === null || value === undefined) return '';
  if (!Number.isFinite(value)) return value < 0 ? '−∞' : '∞';
  return withMinus(Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(3))));
}

/**
 * A number with a fixed number of decimals, with an exponent where it is very large or very small.
 *
 * @param {number} value
 */
export function decimal(value, digits = 4) {
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  return withMinus(size >= 1e5 || (size > 0 && size < 1e-4) ? value.toExponential(2) : value.toFixed(digits));
}

/**
 * A number for a cell five or six characters wide. "nan" and "inf" come as text: JSON has no number for them.
 *
 * @param {number | string} value
 */
export function cellText(value) {
  if (typeof value === 'string' || !Number.isFinite(value)) return withMinus(String(value));
  const size = Math.abs(value);
  if (Number.isInteger(value) && size < 1e5) return withMinus(String(value));
  return withMinus(size >= 1e4 || size < 1e-3 ? value.toExponential(1) : value.toFixed(size < 10 ? 3 : 2));
}

/**
 * The same number with two digits, with one, and with an exponent: the first that fits is written.
 *
 * @param {number} value
 */
export const shorter = (value) =>
  [String(Number(value.toPrecision(2))), String(Number(value.toPrecision(1))), value.toExponential(0)].map(
    withMinus,
  );

/**
 * Three digits, as Python would print them.
 *
 * @param {number | string} x
 */
export const short = (x) => (typeof x === 'string' ? x : x === 0 ? '0' : Number(x.toPrecision(3)).toString());

/**
 * Nine digits: every bit of a float32.
 *
 * @param {number | string} x
 */
export const exact = (x) => (typeof x === 'string' ? x : Number(x.toPrecision(9)).toString());
