// @ts-check
// Shapes of tensors, and the two ways to name a cell: by its index, and by its place in the flat list of values.

/** @typedef {readonly number[]} Shape */

/**
 * The index of the cell at place `flat`.
 *
 * @param {number} flat
 * @param {Shape} shape
 */
export function unravel(flat, shape) {
  const index = [];
  let rest = flat;
  for (let d = shape.length - 1; d >= 0; d -= 1) {
    index.unshift(rest % shape[d]);
    rest = Math.floor(rest / shape[d]);
  }
  return index;
}

/**
 * The place of the cell with this index.
 *
 * @param {readonly number[]} index
 * @param {Shape} shape
 */
export const ravel = (index, shape) => index.reduce((flat, i, d) => flat * shape[d] + i, 0);

/**
 * The index of a dimension of this size that is nearest to `index`.
 *
 * @param {number} index
 * @param {number} size
 */
export const clampIndex = (index, size) => Math.max(0, Math.min(size - 1, index));

/** @param {Shape} shape */
export const shapeText = (shape) => (shape.length ? shape.join('×') : '1');

/**
 * How many numbers a tensor of this shape has, as `Tensor.numel` counts them.
 *
 * @param {number[]} shape
 */
export const numel = (shape) => shape.reduce((a, b) => a * b, 1);
