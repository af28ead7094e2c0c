// @ts-check
// The browser's clock, as models take it: a test gives them one of its own.

/**
 * @typedef {object} Clock
 * @property {(act: () => void, ms: number) => () => void} later returns what calls it off
 * @property {() => number} now in ms
 */

/** @type {Clock} */
export const clock = {
  later(act, ms) {
    const timer = setTimeout(act, ms);
    return () => clearTimeout(timer);
  },
  now: () => performance.now(),
};
