// @ts-check
// The rows of a network as a list: each edit makes another one.

/**
 * @typedef {import('./payload.js').RowData} RowData
 * @typedef {import('./payload.js').RowsWords} RowsWords
 */

/**
 * Rows like these, whose options can be typed into without a change of these.
 *
 * @param {RowData[]} rows
 * @returns {RowData[]}
 */
export const copyOf = (rows) => rows.map(({ kind, options }) => ({ kind, options: { ...options } }));

/**
 * What is on the screen, whatever the order in which options were typed.
 *
 * @param {RowData[]} rows
 * @param {RowsWords} labels
 */
export const signatureOf = (rows, labels) =>
  JSON.stringify([rows.map((row) => [row.kind, Object.entries(row.options).sort()]), labels]);

/**
 * Row `n` as a layer of another kind, or a new row at the end.
 *
 * @param {RowData[]} rows
 * @param {number} n
 * @param {string} kind
 */
export const withKind = (rows, n, kind) => [...rows.slice(0, n), { kind, options: {} }, ...rows.slice(n + 1)];

/** Row `n` goes past its neighbours. @param {RowData[]} rows @param {number} n @param {number} by -1, up, or 1, down */
export function withMove(rows, n, by) {
  const moved = [...rows];
  [moved[n], moved[n + by]] = [moved[n + by], moved[n]];
  return moved;
}

/** @param {RowData[]} rows @param {number} n */
export const without = (rows, n) => rows.filter((_, at) => at !== n);

/**
 * Types an option of a row; nothing typed is the default.
 *
 * @param {RowData} row
 * @param {string} name
 * @param {string} text
 */
export function setOption(row, name, text) {
  if (text) row.options[name] = text;
  else delete row.options[name];
}
