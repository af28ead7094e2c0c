// @ts-check
// How numbers are written: with a real minus sign, in as many digits as there is room for.

/** @param {string} text */
const withMinus = (text) => text.replaceAll('-', '−');

/**
 * An infinity, or what is no number, in PyTorch's word for it.
 *
 * @param {number} value
 */
const wordOf = (value) => (Number.isNaN(value) ? 'nan' : value < 0 ? '-inf' : 'inf');

/**
 * A number in `digits` digits, and before the point in as many as it has: no digit is a 0 that was rounded away. A
 * number too long for that has an exponent.
 *
 * @param {number} value
 * @param {number} digits
 */
function rounded(value, digits) {
  const size = Math.abs(value);
  const longest = 10 ** Math.max(digits, 7);
  if (size >= longest) return value.toExponential(digits - 1);
  return size >= 10 ** digits ? value.toFixed(0) : String(Number(value.toPrecision(digits)));
}

/**
 * A number in three digits, a whole one in all of its own; an infinity as ∞. A number that is not there is ''.
 *
 * @param {number | null | undefined} value
 */
export function brief(value) {
  if (value === null || value === undefined) return '';
  if (!Number.isFinite(value)) return withMinus(wordOf(value)).replace('inf', '∞');
  return withMinus(rounded(value, 3));
}

/**
 * Every digit of a number.
 *
 * @param {number} value
 */
export const whole = (value) => withMinus(exact(value));

/**
 * A number with a fixed number of decimals, with an exponent where it is very large or very small.
 *
 * @param {number} value
 */
export function decimal(value, digits = 4) {
  if (!Number.isFinite(value)) return withMinus(wordOf(value));
  const size = Math.abs(value);
  return withMinus(size >= 1e5 || (size > 0 && size < 1e-4) ? value.toExponential(2) : value.toFixed(digits));
}

const LONGEST = 7; // signs in a cell

/**
 * A number for a cell that has room for seven signs. "nan" and "inf" come as text: JSON has no number for them.
 *
 * @param {number | string} value
 */
export function cellText(value) {
  if (typeof value === 'string') return withMinus(value);
  if (!Number.isFinite(value)) return withMinus(wordOf(value));
  const size = Math.abs(value);
  if (Number.isInteger(value) && size < 1e5) return withMinus(String(value));
  const texts = [value.toExponential(1), value.toExponential(0)];
  if (size < 1e4 && size >= 1e-3) texts.unshift(value.toFixed(size < 10 ? 3 : 2), value.toFixed(1));
  return withMinus(texts.find((text) => text.length <= LONGEST) ?? '');
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

/** @param {number | string} x @param {number} digits */
function asPython(x, digits) {
  if (typeof x === 'string') return x;
  return Number.isFinite(x) ? rounded(x, digits) : wordOf(x);
}

/**
 * Three digits, as Python would print them.
 *
 * @param {number | string} x
 */
export const short = (x) => asPython(x, 3);

/**
 * Nine digits: every bit of a float32.
 *
 * @param {number | string} x
 */
export const exact = (x) => asPython(x, 9);
