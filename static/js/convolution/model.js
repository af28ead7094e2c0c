// @ts-check
// What else changes when one setting of a layer does.

/** @typedef {import('../lib/settings.js').Values} Values */

export const CHANNELS = ['in', 'out', 'groups', 'bias', 'b']; // shown together, folded away
const KEEP_THE_GUESS = new Set(['guessed', 'filter', 'digit', 'seed', 'b']); // after others it is asked again

/**
 * The changes that follow when `name` becomes `value`: numbers small enough to be read and pictures whole, unless the
 * reader set another size; a guess belongs to one size.
 *
 * @param {Values} values
 * @param {string} name
 * @param {number | string | boolean} value
 * @param {Record<string, number>} sides of the pictures, by their codes
 * @returns {Values}
 */
export function applyChange(values, name, value, sides) {
  /** @type {Values} */
  const changes = { [name]: value };
  if (!KEEP_THE_GUESS.has(name)) changes.guessed = '';
  if (name !== 'input') return changes;
  for (const size of ['size', 'size_w']) {
    if (values[size] === sides[String(values.input)]) changes[size] = sides[String(value)];
  }
  return changes;
}
