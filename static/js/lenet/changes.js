// @ts-check
// The numbers of a step that a reader has changed, as the setting's text: "value.place:number,…", the oldest first.

import { short } from '../lib/numbers.js';

/** @typedef {{ value: number, place: number, number: number }} Change */

const LARGEST = 1e9;
const STEPS = 200; // of a slider
const DIGITS = 7; // of a number that is set: a float32 holds no more

/**
 * @param {string} text
 * @returns {Change[]}
 */
export function changes(text) {
  return text
    .split(',')
    .filter(Boolean)
    .map((part) => {
      const [where, number] = part.split(':');
      const [value, place] = where.split('.').map(Number);
      return { value, place, number: Number(number) };
    });
}

/**
 * What a number is changed to; undefined where it is not.
 *
 * @param {string} text
 * @param {number} value
 * @param {number} place
 */
export const numberIn = (text, value, place) =>
  changes(text).find((each) => each.value === value && each.place === place)?.number;

/** @param {Change[]} all */
const changesText = (all) => all.map(({ value, place, number }) => `${value}.${place}:${number}`).join(',');

/**
 * The text with one number changed; null gives it back.
 *
 * @param {string} text
 * @param {number} value
 * @param {number} place
 * @param {number | null} number
 */
export function withChange(text, value, place, number) {
  const all = changes(text);
  const at = all.findIndex((each) => each.value === value && each.place === place);
  if (number === null) return changesText(all.filter((_, i) => i !== at));
  const change = { value, place, number: rounded(number) };
  return changesText(at < 0 ? [...all, change] : all.map((each, i) => (i === at ? change : each)));
}

/**
 * The text without the newest change.
 *
 * @param {string} text
 */
export const withoutLast = (text) => changesText(changes(text).slice(0, -1));

/**
 * What a reader typed: a number, or undefined for what is none, or too large.
 *
 * @param {string} text
 */
export function parseNumber(text) {
  const plain = text.trim().replace('−', '-').replace(',', '.');
  const number = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(plain) ? Number(plain) : Number.NaN;
  return Math.abs(number) <= LARGEST ? rounded(number) : undefined;
}

/**
 * From where to where a slider goes, and in which steps: the numbers of the tensor, and half of their span beyond.
 *
 * @param {number | null} least of the tensor
 * @param {number | null} most of the tensor
 */
export function span(least, most) {
  const [low, high] = [least ?? 0, most ?? 0];
  const room = (high - low) / 2 || Math.abs(high) || 1;
  const step = rounded((high - low + 2 * room) / STEPS, 1);
  return { least: rounded(low - room, 3), most: rounded(high + room, 3), step };
}

/** @param {number} number @param {number} [digits] */
const rounded = (number, digits = DIGITS) => (Math.abs(number) < 1e-30 ? 0 : Number(number.toPrecision(digits)));

/**
 * The likeliest class of each row, each class once; a row with what is no number has none.
 *
 * @param {(number | string)[][]} rows of probabilities
 */
export const likeliest = (rows) => {
  const classes = rows.map((row) => row.indexOf(Math.max(...row.map(Number))));
  return [...new Set(classes)].filter((k) => k >= 0);
};

/** A difference, never rounded to nothing. @param {number} x */
export const withSign = (x) => (x > 0 ? `+${short(x)}` : short(x).replace('-', '−'));
