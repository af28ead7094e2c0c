// @ts-check
// What hands have changed and the page has not run with yet: a press on the page waits for it (frame/press.js).

/**
 * @typedef {object} Holder of changes
 * @property {() => void} tell tells the page at once
 * @property {() => boolean} isHeard whether the page has run with all that was changed
 */

/** @type {Set<Holder>} */
const holders = new Set();

/** @param {Holder} holder */
export const add = (holder) => holders.add(holder);

/** @param {Holder | undefined} holder which leaves: nobody waits for it */
export const remove = (holder) => holder && holders.delete(holder);

export function tellAll() {
  for (const holder of holders) holder.tell();
}

/** Whether the page has run with all that was changed. */
export const isAllHeard = () => [...holders].every((holder) => holder.isHeard());
