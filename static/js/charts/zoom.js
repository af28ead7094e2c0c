// @ts-check
// Which part of the x axis is shown: what the reader zoomed to, else what Plotly chose.

/** @typedef {number[] | null} Range low and high */

/**
 * The zoom after one of Plotly's changes to the layout; null where the whole axis is shown.
 *
 * @param {Record<string, unknown>} change what `plotly_relayout` reports
 * @param {Range} before
 * @returns {Range}
 */
export function zoomOf(change, before) {
  if (change['xaxis.autorange']) return null;
  const whole = change['xaxis.range'];
  const ends = Array.isArray(whole) ? whole : [change['xaxis.range[0]'], change['xaxis.range[1]']];
  return ends.every((end) => end !== undefined) ? ends.map(Number) : before;
}

/**
 * The range that is shown. Plotly writes the one that it chose into the layout that it was given.
 *
 * @param {Range} zoomed
 * @param {{ xaxis?: { range?: number[] } } | undefined} layout
 * @returns {Range}
 */
export const shownRange = (zoomed, layout) => zoomed ?? layout?.xaxis?.range ?? null;
