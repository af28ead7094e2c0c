// @ts-check
// How large the cells of the three grids are in the room that there is: every number is legible where it can be.

/**
 * @typedef {object} Cells sides of the cells in pixels
 * @property {number} input
 * @property {number} kernel
 * @property {number} output
 * @property {number} rowHeight least height of one channel's input beside its kernel; 0 where there is one channel
 */

const [LEAST, MOST, MOST_OF_KERNEL] = [4, 40, 56]; // pixels

/**
 * @param {Pick<import('./payload.js').WindowData, 'size' | 'before' | 'after' | 'kernel' | 'out' | 'x'>} data
 * @param {number} width pixels of the whole drawing
 * @param {boolean} apart whether input and kernel are drawn in one scale, without an output
 * @returns {Cells}
 */
export function cellsOf(data, width, apart) {
  const room = Math.max(260, width - 4);
  const beside = room > 520;
  const [rows, columns] = [0, 1].map((side) => data.size[side] + data.before[side] + data.after[side]);
  const many = data.x.length > 1; // channels lie under each other, each beside its kernel
  const wide = beside || (columns > 16 && !many && !apart); // a picture, whose numbers have no room anyway
  const shared = wide ? room - (beside ? 64 : 40) : room; // what the gaps between the grids leave
  const shares = columns > 16 ? [0.5, 0.18, 0.32] : [0.44, 0.24, 0.32];
  const fit = (/** @type {number} */ space, /** @type {number} */ cells, /** @type {number} */ most) =>
    Math.max(LEAST, Math.min(most, Math.floor((space - 4) / cells)));
  const part = (/** @type {number} */ n, /** @type {number} */ narrow) => shared * (wide ? shares[n] : narrow) - 8;
  const high = many ? 230 : 560;
  const input = Math.min(
    fit(part(0, 1), apart ? Math.max(rows, columns, ...data.kernel) : columns, MOST),
    fit(part(0, many ? 0.6 : 1), columns, MOST),
    fit(high, rows, MOST),
  );
  const window = Math.min(
    fit(part(1, many ? 0.35 : 0.5), data.kernel[1], MOST_OF_KERNEL),
    fit(high, data.kernel[0], MOST_OF_KERNEL),
  );
  const kernel = apart ? input : window; // in one scale: one sees which is larger
  const output = Math.min(fit(part(2, 1), data.out[1], MOST), fit(560, data.out[0], MOST));
  return { input, kernel, output, rowHeight: many ? Math.max(input * rows, kernel * data.kernel[0]) + 6 : 0 };
}
