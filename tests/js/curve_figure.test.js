// @ts-check
// The chart of a run as Plotly takes it: what a logarithmic axis, an accuracy, a hidden curve and a mark change.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { layout, spoken, traces } from '../../static/js/charts/curve_figure.js';

/** @param {Partial<import('../../static/js/charts/curve_figure.js').Curve>} parts */
const curve = (parts) => ({
  name: 'a',
  label: 'a',
  color: '#000',
  mode: 'lines',
  width: 2,
  opacity: 1,
  hover: true,
  count: 2,
  x: Float32Array.of(1, 1000),
  y: Float32Array.of(0.5, 0.25),
  ...parts,
});
/** @param {Partial<import('../../static/js/charts/curve_figure.js').Drawn>} parts */
const chart = (parts) => ({
  curves: [curve({})],
  marks: [],
  xTitle: 'samples',
  yTitle: 'loss',
  revision: '1',
  xMax: null,
  log: false,
  percent: false,
  note: '',
  height: 300,
  language: 'en',
  words: {},
  ...parts,
});
const THEME = { font: 'Inter', accent: '#f00', paper: '#eee' };
const plan = (/** @type {Parameters<typeof chart>[0]} */ parts) =>
  layout(chart(parts), THEME, { width: 600, height: 300 }, false);

test('a loss is read from 0, a logarithmic or an accuracy axis is not', () => {
  assert.equal(plan({}).yaxis.rangemode, 'tozero');
  assert.deepEqual([plan({ log: true }).yaxis.type, plan({ log: true }).yaxis.rangemode], ['log', 'normal']);
  assert.equal(plan({ percent: true }).yaxis.rangemode, 'normal');
});

test('a zoom is kept while the axis is the same one, and no longer', () => {
  const revisions = [{}, { curves: [] }, { log: true }, { yTitle: 'accuracy' }, { revision: '2' }].map(
    (parts) => plan(parts).yaxis.uirevision,
  );
  assert.equal(revisions[0], revisions[1]);
  assert.equal(new Set(revisions).size, 4);
});

test('a change of the learning rate is a line over the whole height, with its words in room of their own', () => {
  const { shapes, annotations, margin } = plan({ marks: [{ x: 7, label: 'rate 0.1' }] });
  assert.deepEqual([shapes[0].x0, shapes[0].x1, shapes[0].y0, shapes[0].y1], [7, 7, 0, 1]);
  assert.deepEqual([annotations[0].x, annotations[0].text], [7, 'rate 0.1']);
  assert.ok(margin.t > plan({}).margin.t);
});

test('a hidden curve keeps its place and colour, and is neither chart nor spoken', () => {
  const two = chart({ curves: [curve({}), curve({ name: 'b', count: 1 })] });
  const hidden = new Set(['a']);
  assert.deepEqual(
    traces(two, hidden).map(({ visible }) => visible),
    [false, true],
  );
  assert.equal(spoken(two, hidden), 'b: 0.5 (samples 1)');
});

test('a curve is spoken from end to end, an accuracy in percent', () => {
  assert.equal(spoken(chart({}), new Set()), 'a: 0.5 (samples 1) → 0.25 (samples 1,000)');
  assert.equal(spoken(chart({ percent: true }), new Set()), 'a: 50.00% (samples 1) → 25.00% (samples 1,000)');
});
