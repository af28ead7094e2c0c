// @ts-check
// Which input cell meets which kernel cell for which output; the same arithmetic as core/windows/axis.py.

/**
 * What the arithmetic of a window needs; each pair is (height, width).
 *
 * @typedef {object} Layer
 * @property {string} kind "conv", "transposed", "max", "avg" or "adaptive"
 * @property {number[]} size of the input
 * @property {number[]} out size of the output
 * @property {number[]} kernel
 * @property {number[]} stride
 * @property {number[]} dilation
 * @property {number[]} before cells of padding in front
 *
 * @typedef {object} Meeting an input cell (a, b) under the kernel cell (u, v) for output (i, j)
 * @property {number} i
 * @property {number} j
 * @property {number} u
 * @property {number} v
 * @property {number} a
 * @property {number} b
 * @property {boolean} inside whether (a, b) is a cell of the input and not of its padding
 */

/**
 * The pairs of kernel position `k` and input position `at` for output o, in one dimension.
 *
 * @param {Layer} layer
 * @param {0 | 1} side height or width
 * @param {number} o
 */
export function along(layer, side, o) {
  /** @type {{ k: number, at: number }[]} */
  const pairs = [];
  if (layer.kind === 'adaptive') {
    const start = Math.floor((o * layer.size[side]) / layer.out[side]);
    const end = Math.ceil(((o + 1) * layer.size[side]) / layer.out[side]);
    for (let a = start; a < end; a++) pairs.push({ k: a - start, at: a });
    return pairs;
  }
  for (let k = 0; k < layer.kernel[side]; k++) {
    if (layer.kind === 'transposed') {
      const shifted = o + layer.before[side] - k * layer.dilation[side];
      const at = shifted / layer.stride[side];
      if (Number.isInteger(at) && at >= 0 && at < layer.size[side]) pairs.push({ k, at });
    } else {
      pairs.push({ k, at: o * layer.stride[side] + k * layer.dilation[side] - layer.before[side] });
    }
  }
  return pairs;
}

/**
 * Every meeting that goes into output (i, j), row by row.
 *
 * @param {Layer} layer
 * @param {number} i
 * @param {number} j
 * @returns {Meeting[]}
 */
export function meetings(layer, i, j) {
  const columns = along(layer, 1, j);
  return along(layer, 0, i).flatMap(({ k: u, at: a }) =>
    columns.map(({ k: v, at: b }) => ({
      i,
      j,
      u,
      v,
      a,
      b,
      inside: a >= 0 && a < layer.size[0] && b >= 0 && b < layer.size[1],
    })),
  );
}

/**
 * The whole layer the other way round: by input cell and by kernel cell, every meeting that it takes part in.
 *
 * @param {Layer} layer
 */
export function index(layer) {
  /** @type {Map<string, Meeting[]>} */
  const byInput = new Map();
  /** @type {Map<string, Meeting[]>} */
  const byWeight = new Map();
  const put = (
    /** @type {Map<string, Meeting[]>} */ map,
    /** @type {string} */ key,
    /** @type {Meeting} */ meeting,
  ) => {
    const met = map.get(key);
    if (met) met.push(meeting);
    else map.set(key, [meeting]);
  };
  for (let i = 0; i < layer.out[0]; i++) {
    for (let j = 0; j < layer.out[1]; j++) {
      for (const meeting of meetings(layer, i, j)) {
        put(byInput, `${meeting.a},${meeting.b}`, meeting);
        if (meeting.inside) put(byWeight, `${meeting.u},${meeting.v}`, meeting);
      }
    }
  }
  return { byInput, byWeight };
}
