// @ts-check
// Where the arrow keys lead: a row up or down, a column to the left or to the right. Pure.

/** @type {Record<string, { rows: number, columns: number }>} */
const MOVES = {
  ArrowUp: { rows: -1, columns: 0 },
  ArrowDown: { rows: 1, columns: 0 },
  ArrowLeft: { rows: 0, columns: -1 },
  ArrowRight: { rows: 0, columns: 1 },
};

/** How many rows and columns a key moves; null for a key that is no arrow. @param {string} key */
export const arrowOf = (key) => (Object.hasOwn(MOVES, key) ? MOVES[key] : null);
