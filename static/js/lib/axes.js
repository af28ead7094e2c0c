// @ts-check
// The ranges of axes and their ticks.

/**
 * About `count` round numbers between low and high, each a multiple of 1, 2 or 5 times a power of ten.
 *
 * @param {number} low
 * @param {number} high
 */
export function niceTicks(low, high, count = 5) {
  const rough = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= rough) ?? 10 * power;
  /** @type {number[]} */
  const ticks = [];
  for (let tick = Math.ceil(low / step) * step; tick <= high + step / 1e6; tick += step)
    ticks.push(Math.abs(tick) < step / 1e6 ? 0 : tick);
  return ticks;
}

/** The exponent at which a loss is drawn. @param {number} value */
export const decade = (value) => Math.log10(Math.max(1e-16, Number.isFinite(value) ? value : 1e12));

/**
 * The ends of the axis of the losses, as exponents of ten.
 *
 * @param {...Iterable<number>} lists
 */
export function lossRange(...lists) {
  let [low, high] = [Infinity, -Infinity];
  for (const list of lists) {
    for (const loss of list) {
      const d = decade(loss);
      if (d < low) low = d;
      if (d > high) high = d;
    }
  }
  return low < high ? [low - 0.2, high + 0.2] : [low - 1, high + 1];
}

/**
 * At most seven exponents of ten between low and high.
 *
 * @param {number} low
 * @param {number} high
 */
export function powers(low, high) {
  const every = Math.max(1, Math.ceil((high - low) / 6));
  /** @type {number[]} */
  const ticks = [];
  for (let tick = Math.ceil(low); tick <= high; tick += every) ticks.push(tick);
  return ticks;
}
