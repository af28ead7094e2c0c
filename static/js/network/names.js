// @ts-check
// How a layer is called beside its maps: in lines, and cut in the middle where there is no room. Pure.

/** @typedef {import('./model.js').Layer} Layer */

const CUT = '…';
const BETWEEN_HANZI = /(?<=\p{Script=Han}) (?=\p{Script=Han})/gu; // where a name has lines, and no space in one

/**
 * The name of a layer, in lines.
 *
 * @param {Layer} layer
 * @param {boolean} vertical whether the layers stand below each other, so that a name has one line
 * @param {{ image: string, short: Record<string, string> }} words
 * @returns {string[]}
 */
export function linesOf(layer, vertical, words) {
  if (layer.kind === 'image') return [words.image];
  if (layer.kind === 'probabilities') return vertical ? [] : [layer.operations[0]];
  const name = layer.name || (words.short[layer.operations[0]] ?? layer.operations[0]);
  return vertical ? [name.replace(BETWEEN_HANZI, '')] : name.split(' ');
}

/**
 * The text, or its beginning and its end where it is wider than `room`: names of parts differ at both.
 *
 * @param {string} text
 * @param {number} room
 * @param {(text: string) => number} widthOf
 */
export function shorten(text, room, widthOf) {
  if (widthOf(text) <= room) return text;
  const letters = [...text];
  for (let length = letters.length - 1; length > 1; length -= 1) {
    const end = Math.ceil(length * 0.6);
    const cut = letters.slice(0, length - end).join('') + CUT + letters.slice(-end).join('');
    if (widthOf(cut) <= room) return cut;
  }
  return CUT;
}
