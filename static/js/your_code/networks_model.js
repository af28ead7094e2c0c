// @ts-check
// A recorded module as the picture of a network takes it. Pure.

import { floatsOf, headerOf } from '../network/forward_pass.js';
import { readingOf } from '../network/model.js';
import { weightsOf } from '../network/weights.js';

/** @typedef {import('./payload.d.ts').PictureData} PictureData */

const NOTHING = { weight: [], bias: false }; // a gradient is no sum of what the layer reads

/** Names of operations in words, so that they are written below each other. @param {PictureData} picture */
export const shortNames = ({ layers }) =>
  Object.fromEntries(
    layers.flatMap(({ operations }) => operations).map((name) => [name, name.replaceAll('_', ' ')]),
  );

/**
 * The header of a reading and its numbers in base64: values with weights, or gradients alone.
 *
 * @param {PictureData} picture
 * @param {boolean} gradients
 */
export function readingFacts(picture, gradients) {
  const { module, step, image, layers, numbers } = picture;
  const visible = gradients ? layers.map((layer) => ({ ...layer, ...NOTHING })) : layers;
  const header = headerOf({ title: `${module} ${step} ${gradients}`, image, layers: visible });
  const first = image.reduce((all, size) => all * size, 1);
  return { header, numbers: gradients ? [part(numbers, first), picture.gradients] : [numbers] };
}

/**
 * What the picture shows of a recorded module.
 *
 * @param {PictureData} picture
 * @param {'values' | 'gradients' | 'weights'} shows
 */
export function reading(picture, shows) {
  const gradients = shows === 'gradients';
  const { header, numbers } = readingFacts(picture, gradients);
  const whole = readingOf(header, floatsOf(numbers), null, gradients ? 'gradients' : 'values');
  if (shows !== 'weights') return whole;
  const weights = whole.layers.map(
    ({ weight }, n) => weight && { shape: picture.layers[n].weight, values: weight },
  );
  return weightsOf(whole, weights);
}

/**
 * The first `count` floats of numbers in base64: 3 floats are 16 letters.
 *
 * @param {string} text
 * @param {number} count
 */
function part(text, count) {
  return btoa(atob(text.slice(0, Math.ceil(count / 3) * 16)).slice(0, count * 4));
}
