// @ts-check
// What a hint says to the hand that is there: a mouse points and clicks, a finger touches.

/**
 * The sentence `name` of `words`, or its twin `name`_touch where nothing can be pointed at without touching it.
 *
 * @template {string} Name
 * @param {Record<Name | `${Name}_touch`, string>} words
 * @param {Name} name
 * @returns {string}
 */
export function hint(words, name) {
  return words[matchMedia('(hover: none)').matches ? /** @type {`${Name}_touch`} */ (`${name}_touch`) : name];
}
