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
 * @param {Numbers} data
 * @param {Meeting[]} meetings
 * @param {number} i
 * @param {number} j
 * @returns {Sum}
 */
export function arithmetic(data, meetings, i, j) {
  const { w: weights, divisors } = data;
  const channels = data.x.map((values, c) => {
    const terms = meetings.map((m) => {
      const x = m.inside ? values[m.a * data.size[1] + m.b] : 0;
      const w = weights ? weights[c][m.u * data.kernel[1] + m.v] : 1;
      return { ...m, c, x, w, product: x * w };
    });
    return { c, terms, sum: terms.reduce((sum, term) => sum + term.product, 0) };
  });
  const at = i * data.out[1] + j;
  const torch = data.y[at] ?? -Infinity; // only a window without a cell has none
  let result = 0;
  if (data.kind === 'max') result = Math.max(...channels[0].terms.filter((t) => t.inside).map((t) => t.x));
  else if (weights) result = channels.reduce((sum, channel) => sum + channel.sum, data.b ?? 0);
  else result = channels[0].sum / (divisors?.[at] ?? 1);
  result = Math.fround(result); // as torch rounds it
  return { channels, result, torch, i, j, divisor: divisors?.[at] ?? 1, winner: data.winners?.[at] };
}

/**
 * Whether the sum is torch's: float32 sums of n terms differ from exact ones by roundings of the terms' size.
 *
 * @param {Numbers} data
 * @param {Sum} sum
 */
export function agrees(data, sum) {
  if (sum.result === sum.torch) return true; // an infinity too
  const size = sum.channels.flatMap((channel) => channel.terms).reduce((all, t) => all + Math.abs(t.product), 1);
  return Math.abs(sum.result - sum.torch) <= 1e-6 * (size + Math.abs(data.b ?? 0));
}

/** @param {Numbers} data @param {Sum} sum @param {Term} term */
export const isWinner = (data, sum, term) => data.kind === 'max' && sum.winner === term.a * data.size[1] + term.b;

/**
 * The same sum as one sentence.
 *
 * @param {LabelledNumbers} data
 * @param {Sum} sum
 */
export function sumSentence(data, sum) {
  const parts = sum.channels.map((channel) =>
    channel.terms
      .filter((term) => term.inside || data.kind !== 'max')
      .map((term) => (data.w === null ? brief(term.x) : `${brief(term.x)} × ${brief(term.w)}`))
      .join(data.kind === 'max' ? ', ' : ' + '),
  );
  const where = fill(data.labels.output_cell, { i: sum.i, j: sum.j });
  if (data.kind === 'max') return `${where} max(${parts[0]}) = ${brief(sum.result)}`;
  if (data.w === null) return `${where} (${parts[0]}) / ${sum.divisor} = ${brief(sum.result)}`;
  const bias = data.b === null ? '' : ` + ${data.labels.bias} ${brief(data.b)}`;
  return `${where} ${parts.join(' + ')}${bias} = ${brief(sum.result)}`;
}

/**
 * What an input cell or a weight did: one line for the eye and the ear.
 *
 * @param {LabelledNumbers} data
 * @param {import('./sliding.js').Focus} focus
 * @param {Meeting[]} meetings
 */
export function uses(data, focus, meetings) {
  const [row, column] = focus.cell;
  const outputs = new Set(meetings.map((m) => `${m.i},${m.j}`)).size;
  const template = focus.grid === 'weight' ? data.labels.weight_used : data.labels.input_used;
  const values = focus.grid === 'weight' && data.w ? data.w[focus.channel] : data.x[focus.channel];
  const [rows, columns] = focus.grid === 'weight' ? data.kernel : data.size;
  const isThere = row >= 0 && row < rows && column >= 0 && column < columns;
  const padding = data.kind === 'max' ? '−∞' : '0';
  const value = focus.grid === 'weight' && !data.w ? '' : isThere ? brief(values[row * columns + column]) : padding;
  const channel = data.x.length > 1 ? `${fill(data.labels.channel, { c: data.channels[focus.channel] })}. ` : '';
  return channel + fill(template, { i: row, j: column, value, n: outputs });
}
