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

/** The least and the greatest number of none. @type {readonly [number, number]} */
export const NONE = [Infinity, -Infinity];

/**
 * The least and the greatest number of what had `ends` and of `values` together; NaN does not count.
 *
 * @param {readonly [number, number]} ends
 * @param {Float32Array} values
 * @param {(value: number) => number} [of] what counts of a value
 * @returns {[number, number]}
 */
export function widenEnds([low, high], values, of = (value) => value) {
  for (const value of values) {
    const here = of(value);
    if (here < low) low = here;
    if (here > high) high = here;
  }
  return [low, high];
}

/**
 * The ends of the axis of losses that have these least and greatest exponents of ten.
 *
 * @param {...(readonly [number, number])} all
 */
export function lossRange(...all) {
  const low = Math.min(...all.map(([least]) => least));
  const high = Math.max(...all.map(([, most]) => most));
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
