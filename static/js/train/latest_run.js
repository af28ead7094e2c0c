// @ts-check
// The run that Train shows, as the server told it last, for the drawings of the page beside the chart.

/** @typedef {import('./payload.js').RunHeader} Told */

/** @type {{ header: Told | null }} what the server said last */
export const latest = { header: null };

/** @type {Set<(header: Told) => void>} */
const listeners = new Set();

/** @type {{ ask: () => void }} asks for the run again: what was just commanded is looked for often then */
export const view = { ask: () => {} };

/**
 * Calls `listener` with what the server says from now on; returns what ends that.
 *
 * @param {(header: Told) => void} listener
 */
export function follow(listener) {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}

/** @param {Told} header */
export function tell(header) {
  latest.header = header;
  for (const listener of listeners) listener(header);
}
