// @ts-check
// What the picture of the network shows at each step of the walk. Pure.

import { headerOf } from '../network/forward_pass.js';
import { readingOf } from '../network/model.js';
import { weightsOf } from '../network/weights.js';

/**
 * @typedef {import('../network/model.js').Reading} Reading
 * @typedef {import('./payload.js').NetworkData} NetworkData
 * @typedef {import('./payload.js').LayerTensors} LayerTensors
 *
 * @typedef {'values' | 'gradients' | 'weights' | 'weight_gradients'} Shows
 * @typedef {(tensor: number) => Float32Array} Numbers the numbers of a tensor of the message, as far as they were sent
 */

/** @type {Record<string, Shows>} what is shown first in each phase */
const FIRST = {
  zero_grad: 'weights',
  forward: 'values',
  loss: 'values',
  backward: 'gradients',
  step: 'weight_gradients',
  after: 'values',
};

/** @param {string} phase @returns {Shows} */
export const firstOf = (phase) => FIRST[phase] ?? 'values';

/**
 * The picture of the network: the values of the forward pass, or what else it can show.
 *
 * @param {NetworkData} data
 * @param {Shows} shows
 * @param {{ title: string, shapes: number[][], values: Numbers, probabilities: number[] }} walk `shapes` are those of
 * the message's tensors, `values` the numbers of each, with a what-if; `title` tells one step from another
 * @returns {Reading}
 */
export function readingAt(data, shows, { title, shapes, values, probabilities }) {
  const gradients = shows === 'gradients' || shows === 'weight_gradients';
  const facts = data.layers.map((layer) => (gradients ? { ...layer, weight: [], bias: false } : layer));
  const parts = [first(values(data.input), data.image)];
  for (const [n, { shape }] of facts.entries()) {
    const { value, grad } = data.tensors[n];
    const tensor = gradients ? grad : value;
    parts.push(tensor === null ? new Float32Array(sizeOf(shape)) : first(values(tensor), shape));
  }
  for (const [n, { weight, bias }] of facts.entries()) {
    const tensor = data.tensors[n];
    if (weight.length && tensor.weight !== null) parts.push(first(values(tensor.weight), weight));
    if (bias && tensor.bias !== null) parts.push(first(values(tensor.bias), [weight[0]]));
  }
  const best = probabilities.length ? probabilities.indexOf(Math.max(...probabilities)) : null;
  const header = {
    ...headerOf({ title, image: data.image, layers: facts }),
    version: `${title} ${gradients}`,
    output: data.output,
    probabilities,
    digit: best,
  };
  const reading = readingOf(header, joined(parts), null, gradients ? 'gradients' : 'values');
  if (shows === 'values' || shows === 'gradients') return reading;
  return weightsOf(reading, data.tensors.map(weightIn));

  /** @param {LayerTensors} tensors */
  function weightIn({ weight, weight_grad }) {
    const tensor = gradients ? weight_grad : weight;
    if (tensor === null) return null;
    const numbers = values(tensor);
    return numbers.length < sizeOf(shapes[tensor]) ? null : { shape: shapes[tensor], values: numbers };
  }
}

/** What of a network can be shown. @param {NetworkData} data @returns {Record<Shows, boolean>} */
export const available = ({ tensors }) => ({
  values: true,
  gradients: tensors.some(({ grad }) => grad !== null),
  weights: tensors.some(({ weight }) => weight !== null),
  weight_gradients: tensors.some(({ weight_grad }) => weight_grad !== null),
});

/**
 * How far the walk has come in the picture, and at which layer it is: layers up to `to` are there, backwards those
 * down to it; Infinity for all.
 *
 * @param {NetworkData} data
 * @param {Shows} shows
 * @param {number} at the step
 * @param {string} phase
 * @param {boolean} peek whether gradients are shown before they are there
 * @returns {{ to: number, back: boolean, now: number | null }}
 */
export function reachedAt({ tensors }, shows, at, phase, peek) {
  if (shows === 'values') {
    if (phase !== 'forward' && phase !== 'zero_grad') return { to: Infinity, back: false, now: null };
    const count = tensors.filter(({ forward }) => forward <= at).length;
    const now = tensors.findIndex(({ forward }) => forward === at);
    return { to: count - 1, back: false, now: now < 0 ? null : now };
  }
  if (shows !== 'gradients' || phase === 'step' || phase === 'after' || (phase !== 'backward' && peek))
    return { to: Infinity, back: shows === 'gradients', now: null };
  const there = tensors.flatMap(({ backward }, n) => (backward !== null && backward <= at ? [n] : []));
  const now = tensors.findLastIndex(({ backward }) => backward === at);
  return { to: Math.min(tensors.length + 1, ...there), back: true, now: now < 0 ? null : now };
}

/** The step of a layer. @param {LayerTensors} tensors @param {Shows} shows */
export const stepOf = ({ forward, backward }, shows) => (shows === 'gradients' ? (backward ?? forward) : forward);

/** @param {number[]} shape */
const sizeOf = (shape) => shape.reduce((all, size) => all * size, 1);

/**
 * The first entry of a batch; what was not sent of it is no number.
 *
 * @param {Float32Array} numbers
 * @param {number[]} shape
 */
function first(numbers, shape) {
  const size = sizeOf(shape);
  if (numbers.length >= size) return numbers.subarray(0, size);
  const all = new Float32Array(size).fill(NaN);
  all.set(numbers);
  return all;
}

/** @param {Float32Array[]} parts */
function joined(parts) {
  const all = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
