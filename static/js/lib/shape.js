// @ts-check
// Shapes of tensors.

/**
 * How many numbers a tensor of this shape has, as `Tensor.numel` counts them.
 *
 * @param {number[]} shape
 */
export const numel = (shape) => shape.reduce((a, b) => a * b, 1);
