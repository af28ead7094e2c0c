// @ts-check
// A recorded module as the picture of a network takes it. Pure.

import { headerOf } from '../network/still.js';

/** @typedef {import('./payload.d.ts').PictureData} PictureData */

const NOTHING = { operations: ['', ''], weight: [], bias: false }; // a gradient is no sum of what the layer reads

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
  const shown = gradients
    ? layers.map((layer) => ({ ...layer, ...NOTHING, name: layer.name || layer.operations[0] }))
    : layers;
  const header = headerOf({ title: `${module} ${step} ${gradients}`, image, layers: shown });
  const first = image.reduce((all, size) => all * size, 1);
  return { header, numbers: gradients ? [part(numbers, first), picture.gradients] : [numbers] };
}

/** The first `count` floats of numbers in base64: 3 floats are 16 letters. @param {string} text @param {number} count */
function part(text, count) {
  return btoa(atob(text.slice(0, Math.ceil(count / 3) * 16)).slice(0, count * 4));
}
