// @ts-check
// Figures in a dark theme: core/figures makes them for a light one, in which nothing is nearly white.

import { DARK, NEGATIVE, NEUTRAL, POSITIVE } from '../lib/palette.js';

/** @typedef {[number, string][]} Scale as Plotly writes it */
/** @typedef {{ type?: string, colorscale?: Scale, textfont?: object }} Trace */

/** @type {[Scale, Scale][]} each of core/figures/palette.py, and its likeness; on COUNTS and NOTHING stand numbers */
const SCALES = [
  [
    [
      [0, NEGATIVE],
      [0.5, NEUTRAL],
      [1, POSITIVE],
    ],
    [
      [0, DARK.negative],
      [0.5, DARK.neutral],
      [1, DARK.positive],
    ],
  ],
  [
    [
      [0, '#f2f6fd'],
      [1, POSITIVE],
    ],
    [
      [0, DARK.neutral],
      [1, POSITIVE],
    ],
  ],
  [
    [
      [0, '#dcdcdc'],
      [1, '#dcdcdc'],
    ],
    [
      [0, '#464646'],
      [1, '#464646'],
    ],
  ],
];
const DARK_SCALES = new Map(SCALES.map(([light, dark]) => [JSON.stringify(light), dark]));

/**
 * The trace for a dark theme: a heat map is dark where it is 0, and its numbers are white.
 *
 * @template {Trace} T
 * @param {T} trace
 */
export function darkTrace(trace) {
  const colorscale = trace.type === 'heatmap' && DARK_SCALES.get(JSON.stringify(trace.colorscale));
  if (!colorscale) return trace;
  return { ...trace, colorscale, ...(trace.textfont && { textfont: { ...trace.textfont, color: '#fff' } }) };
}
