// @ts-check
// What a place in a network is, in a sentence: for everyone to read, and for a screen reader.

import { fill } from '../lib/dom.js';
import { brief } from '../lib/numbers.js';
import { hasAnswer, layerAt } from './model.js';
import { cellsOf, originOf } from './origin.js';
import { fieldOf } from './receptive_field.js';
import { weightAt } from './weights.js';
import { closerOf } from './zoom.js';

/**
 * @typedef {import('./payload.js').PictureWords} Words
 * @typedef {import('./model.js').Place} Place
 * @typedef {import('./model.js').Reading} Reading
 */

/** @param {Reading} reading @param {Place} place @param {Words} words */
function titleOf(reading, place, words) {
  const layer = layerAt(reading, place.layer);
  const [row, column] = [Math.floor(place.cell / layer.columns) + 1, (place.cell % layer.columns) + 1];
  const name = [layer.name, ...layer.operations].filter(Boolean).join(' ');
  const at = { layer: name, item: place.item + 1, count: layer.count, row, column, digit: place.item };
  if (layer.kind === 'image') return fill(words.pixel, at);
  if (layer.kind === 'probabilities') return fill(words.probability, at);
  if (reading.shows === 'weights') return weightTitle(reading, place, words);
  if (reading.gradients) return fill(layer.kind === 'units' ? words.gradient_unit : words.gradient_map, at);
  return fill(layer.kind === 'units' ? words.unit : words.map, at);
}

/** @param {Reading} reading @param {Place} place @param {Words} words */
function weightTitle(reading, place, words) {
  const layer = layerAt(reading, place.layer);
  const at = { layer: layer.name || layer.operations[0], item: place.item + 1, count: layer.count };
  const weight = weightAt(layer, place.cell);
  if (!weight) return fill(reading.gradients ? words.weight_gradients : words.weights, at);
  const { source, row, column } = weight;
  const facts = { ...at, source: source + 1, row: row + 1, column: column + 1 };
  const { rows = 1, columns = 1 } = layer.tiles ?? {};
  if (rows * columns === 1) return fill(reading.gradients ? words.weight_gradient_unit : words.weight_unit, facts);
  return fill(reading.gradients ? words.weight_gradient_map : words.weight_map, facts);
}

/** @param {Reading} reading @param {Place} place @param {Words} words */
export function sentenceOf(reading, place, words) {
  const origin = originOf(reading, place);
  const layer = layerAt(reading, place.layer);
  if (layer.kind === 'probabilities' && !hasAnswer(reading))
    return `${titleOf(reading, place, words)}: –. ${words.no_answer}`;
  const isBetween = reading.shows === 'weights' && layer.kind === 'maps' && !weightAt(layer, place.cell);
  if (isBetween) return `${titleOf(reading, place, words)}.`;
  const value = layer.kind === 'probabilities' ? `${(100 * origin.value).toFixed(1)}%` : brief(origin.value);
  return [
    `${titleOf(reading, place, words)}: ${value}.`,
    howOf(reading, origin, layer, words),
    seesOf(reading, place, words),
  ]
    .filter(Boolean)
    .join(' ');
}

/**
 * What each part of a sum adds, of those that the closer look shows.
 *
 * @param {Reading} reading @param {Place} place @param {{ width: number, height: number }} room @param {Words} words
 */
export function partsOf(reading, place, { width, height }, words) {
  const { sources, left, signed } = closerOf(reading, place, width, height);
  if (!signed) return '';
  const parts = sources.map(({ part }) => {
    const { kind } = layerAt(reading, part.layer);
    return fill(kind === 'units' ? words.unit_adds : words.map_adds, { item: part.item + 1, x: brief(part.sum) });
  });
  return [...parts, left ? fill(words.more, { count: left }) : ''].filter(Boolean).join('; ');
}

/**
 * @param {Reading} reading
 * @param {import('./origin.js').Origin} origin
 * @param {import('./model.js').Layer} layer
 * @param {Words} words
 */
function howOf(reading, { way, parts, bias }, layer, words) {
  if (way === 'itself' || !parts.length) return '';
  if (reading.gradients && layer.kind !== 'probabilities') return '';
  const from = layerAt(reading, parts[0].layer);
  const cells = parts[0].weights?.length ?? cellsOf(from, parts[0]).length;
  const facts = {
    count: parts.length,
    cells,
    bias: brief(bias),
    x: brief(parts[0].sum),
    operation: layer.operations.join(' → '),
  };
  if (way === 'sum')
    return fill(!layer.weight ? words.sum : cells > 1 ? words.sum_of_maps : words.sum_of_units, facts);
  return fill(words[way], facts);
}

/** @param {Reading} reading @param {Place} place @param {Words} words */
function seesOf(reading, place, words) {
  if (place.layer < 0 || reading.gradients || reading.shows === 'weights') return '';
  const { height, width } = fieldOf(reading, place);
  const whole = height >= reading.image.rows && width >= reading.image.columns;
  return fill(whole ? words.sees_all : words.sees, { height, width });
}
