// @ts-check
// The numbers of x that a reader has changed, as the setting's text: "place:number,place:number".

const MOST = 999_999;
const DIGITS = 6; // behind the point

/** @param {string} text @returns {Map<number, number>} */
export function changes(text) {
  const numbers = new Map();
  for (const part of text.split(',').filter(Boolean)) {
    const [place, number] = part.split(':').map(Number);
    if (Number.isInteger(place) && Number.isFinite(number)) numbers.set(place, number);
  }
  return numbers;
}

/**
 * The text with cell `place` at `number`; null gives the cell its drawn number back.
 *
 * @param {string} text
 * @param {number} place
 * @param {number | null} number
 */
export function withChange(text, place, number) {
  const all = changes(text);
  if (number === null) all.delete(place);
  else all.set(place, round(number));
  return [...all]
    .sort(([a], [b]) => a - b)
    .map(([at, value]) => `${at}:${value}`) // six decimals: JavaScript writes no exponent
    .join(',');
}

/**
 * What a reader typed: a number, null for an empty field, undefined for what is no number or too large.
 *
 * @param {string} text
 */
export function parseNumber(text) {
  const plain = text
    .trim()
    .replace('−', '-')
    .replace(',', '.')
    .replace(/^([+-]?)\./, '$10.');
  if (plain === '') return null;
  const number = /^[+-]?\d+(\.\d*)?$/.test(plain) ? Number(plain) : Number.NaN;
  return Math.abs(number) <= MOST ? round(number) : undefined;
}

/**
 * The number that is `steps` tenths away; a drag and the arrow keys go in tenths, as x is drawn.
 *
 * @param {number} number
 * @param {number} steps
 */
export const stepNumber = (number, steps) => Math.max(-MOST, Math.min(MOST, round(number + steps / 10)));

/** @param {number} number */
const round = (number) => Number(number.toFixed(DIGITS)) || 0;
