// @ts-check
// The cells of a grid, which is the first matrix of a tensor. Pure.

/**
 * The index of a cell in its tensor.
 *
 * @param {number[]} shape of the tensor
 * @param {number} cell of the grid, counted row by row
 * @param {number} columns of the grid
 */
export function indexOf(shape, cell, columns) {
  const inMatrix = [Math.floor(cell / columns), cell % columns];
  return [...shape.slice(0, -2).map(() => 0), ...inMatrix.slice(Math.max(0, 2 - shape.length))];
}

/**
 * The cell to which a key moves; null for a key that does not move.
 *
 * @param {number} cell
 * @param {string} key
 * @param {number} columns
 * @param {number} count of cells
 */
export function movedCell(cell, key, columns, count) {
  const by = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns }[key];
  if (key === 'Home') return 0;
  if (key === 'End') return count - 1;
  if (by === undefined) return null;
  return cell + by >= 0 && cell + by < count ? cell + by : cell;
}
