// @ts-check
// The whole sum of one output: its terms, its result beside torch's, and the sum as a sentence.

import { fill } from '../lib/dom.js';
import { brief } from '../lib/numbers.js';

/**
 * @typedef {import('./payload.js').WindowData} Scene
 * @typedef {Omit<Scene, 'labels' | 'pin'>} Numbers
 * @typedef {Pick<Scene['labels'], 'output_cell' | 'bias' | 'input_used' | 'weight_used' | 'channel'>} Labels
 * @typedef {Numbers & { labels: Labels }} LabelledNumbers
 * @typedef {import('./geometry.js').Meeting} Meeting
 *
 * @typedef {Meeting & { c: number, x: number, w: number, product: number }} Term one product, of channel `c`
 *
 * @typedef {object} Sum
 * @property {{ c: number, terms: Term[], sum: number }[]} channels
 * @property {number} result
 * @property {number} torch what torch returned
 * @property {number} i
 * @property {number} j
 * @property {number} divisor of an average
 * @property {number | undefined} winner the cell that a maximum took, row · width + column
 */

/**
 * The arithmetic of output (i, j): per channel its products and their sum; for pooling the numbers themselves.
 *
 * @param {Numbers} d
 * @param {Meeting[]} meetings
 * @param {number} i
 * @param {number} j
 * @returns {Sum}
 */
export function arithmetic(d, meetings, i, j) {
  const { w: weights, divisors } = d;
  const channels = d.x.map((values, c) => {
    const terms = meetings.map((m) => {
      const x = m.inside ? values[m.a * d.size[1] + m.b] : 0;
      const w = weights ? weights[c][m.u * d.kernel[1] + m.v] : 1;
      return { ...m, c, x, w, product: x * w };
    });
    return { c, terms, sum: terms.reduce((sum, term) => sum + term.product, 0) };
  });
  const at = i * d.out[1] + j;
  const torch = d.y[at] ?? -Infinity; // only a window without a cell has none
  let result = 0;
  if (d.kind === 'max') result = Math.max(...channels[0].terms.filter((t) => t.inside).map((t) => t.x));
  else if (weights) result = channels.reduce((sum, channel) => sum + channel.sum, d.b ?? 0);
  else result = channels[0].sum / (divisors?.[at] ?? 1);
  return { channels, result, torch, i, j, divisor: divisors?.[at] ?? 1, winner: d.winners?.[at] };
}

/**
 * Whether the sum is torch's: float32 sums of n terms differ from exact ones by roundings of the terms' size.
 *
 * @param {Numbers} d
 * @param {Sum} sum
 */
export function agrees(d, sum) {
  if (sum.result === sum.torch) return true; // an infinity too
  const size = sum.channels.flatMap((channel) => channel.terms).reduce((all, t) => all + Math.abs(t.product), 1);
  return Math.abs(sum.result - sum.torch) <= 1e-6 * (size + Math.abs(d.b ?? 0));
}

/** @param {Numbers} d @param {Sum} sum @param {Term} term */
export const isWinner = (d, sum, term) => d.kind === 'max' && sum.winner === term.a * d.size[1] + term.b;

/**
 * The same sum as one sentence.
 *
 * @param {LabelledNumbers} d
 * @param {Sum} sum
 */
export function sumSentence(d, sum) {
  const parts = sum.channels.map((channel) =>
    channel.terms
      .filter((term) => term.inside || d.kind !== 'max')
      .map((term) => (d.w === null ? brief(term.x) : `${brief(term.x)} × ${brief(term.w)}`))
      .join(d.kind === 'max' ? ', ' : ' + '),
  );
  const where = fill(d.labels.output_cell, { i: sum.i, j: sum.j });
  if (d.kind === 'max') return `${where} max(${parts[0]}) = ${brief(sum.result)}`;
  if (d.w === null) return `${where} (${parts[0]}) / ${sum.divisor} = ${brief(sum.result)}`;
  const bias = d.b === null ? '' : ` + ${d.labels.bias} ${brief(d.b)}`;
  return `${where} ${parts.join(' + ')}${bias} = ${brief(sum.result)}`;
}

/**
 * What an input cell or a weight did: one line for the eye and the ear.
 *
 * @param {LabelledNumbers} d
 * @param {import('./sliding.js').Focus} focus
 * @param {Meeting[]} meetings
 */
export function uses(d, focus, meetings) {
  const [row, column] = focus.cell;
  const outputs = new Set(meetings.map((m) => `${m.i},${m.j}`)).size;
  const template = focus.grid === 'weight' ? d.labels.weight_used : d.labels.input_used;
  const values = focus.grid === 'weight' && d.w ? d.w[focus.channel] : d.x[focus.channel];
  const [rows, columns] = focus.grid === 'weight' ? d.kernel : d.size;
  const isThere = row >= 0 && row < rows && column >= 0 && column < columns;
  const padding = d.kind === 'max' ? '−∞' : '0';
  const value = focus.grid === 'weight' && !d.w ? '' : isThere ? brief(values[row * columns + column]) : padding;
  const channel = d.x.length > 1 ? `${fill(d.labels.channel, { c: d.channels[focus.channel] })}. ` : '';
  return channel + fill(template, { i: row, j: column, value, n: outputs });
}
