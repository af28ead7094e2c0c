// @ts-check
// Numbers that repeat, as small curves: printed, assigned, norms of parameters and gradients, the learning rate.

import { el, fill, svg } from '../lib/dom.js';
import { short } from '../lib/numbers.js';
import { clampIndex } from '../lib/shapes.js';
import { curve } from './timeline_model.js';

/** @typedef {import('./payload.d.ts').SeriesData} SeriesData */

const [WIDTH, HEIGHT] = [260, 84];
const FIRST = 12; // curves of one kind that are drawn at once
const ORDER = /** @type {const} */ (['printed', 'assigned', 'gradient', 'parameter', 'rate']);

/**
 * @param {SeriesData[]} all
 * @param {import('./payload.d.ts').ViewerWords} words
 * @param {(step: number) => void} goTo
 */
export function curves(all, words, goTo) {
  const box = el('div', 'curves');
  for (const kind of ORDER) {
    const those = all.filter((one) => one.kind === kind);
    if (!those.length) continue;
    const names = {
      printed: words.printed_curves,
      assigned: words.assigned_curves,
      gradient: words.gradient_curves,
      parameter: words.parameter_curves,
      rate: words.rate_curves,
    };
    box.append(el('h3', {}, names[kind]));
    const row = el('div', 'curve-row', ...those.slice(0, FIRST).map((one) => draw(one, words, goTo)));
    box.append(row);
    if (those.length > FIRST) {
      const more = el('button', {}, fill(words.more, { count: those.length - FIRST }));
      more.addEventListener('click', () => {
        row.append(...those.slice(FIRST).map((one) => draw(one, words, goTo)));
        more.remove();
      });
      box.append(more);
    }
  }
  if (!box.children.length) box.append(el('p', 'note', words.no_curves));
  return box;
}

/**
 * @param {SeriesData} series
 * @param {import('./payload.d.ts').ViewerWords} words
 * @param {(step: number) => void} goTo
 */
function draw(series, words, goTo) {
  const { points, low, high } = curve(series);
  const [first, last] = [series.values[0], series.values[series.values.length - 1]];
  const ends = fill(words.from_to, { first: short(first), last: short(last) });
  const place = ([x, y] = [0, 0]) => `${(4 + x * (WIDTH - 8)).toFixed(1)},${(4 + y * (HEIGHT - 8)).toFixed(1)}`;
  const line = { points: points.map(place).join(' '), fill: 'none', 'stroke-width': 1.6, class: 'curve-line' };
  const picture = svg(
    'svg',
    { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: 'img', 'aria-label': `${series.name}: ${ends}` },
    svg('polyline', line),
  );
  picture.addEventListener('click', ({ offsetX }) => {
    const i = Math.round((offsetX / picture.clientWidth) * (series.steps.length - 1));
    goTo(series.steps[clampIndex(i, series.steps.length)]);
  });
  const where = series.function ? `${series.function}: ` : '';
  return el(
    'figure',
    'curve',
    el('figcaption', {}, el('b', {}, `${where}${series.name}`), el('small', {}, ends)),
    picture,
    el(
      'small',
      {},
      fill(words.range, { low: short(low), high: short(high), count: series.total, kept: series.values.length }),
    ),
  );
}
