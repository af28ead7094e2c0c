// @ts-check
// When a grid of numbers has to be painted again.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isSame } from '../../static/js/convolution/grid.js';

const style = { border: '', muted: '', padding: '', font: '', dark: false };
/** @type {import('../../static/js/convolution/grid.js').Plan} */
const plan = {
  rows: 2,
  columns: 2,
  values: [1, null, NaN, 0],
  bound: 1,
  before: [0, 1],
  after: [0, 1],
  paddingText: '0',
  unreached: [[1], []],
  cell: 20,
  style,
  blank: false,
  raised: false,
};

test('a plan with the same content is not painted again', () => {
  assert(isSame(plan, { ...plan, values: [1, null, NaN, 0], before: [0, 1], unreached: [[1], []] }));
});

for (const [name, change] of Object.entries({
  'another number': { values: [1, null, NaN, -0] },
  'fewer numbers': { values: [1, null, NaN] },
  'another bound': { bound: NaN },
  'another shape': { rows: 1, columns: 4 },
  'more padding': { after: [1, 1] },
  'another padding': { paddingText: '−∞' },
  'a row that no window meets': { unreached: [[], []] },
  'a larger cell': { cell: 21 },
  'another theme': { style: { ...style } },
  'no numbers': { blank: true },
  'room for notes': { raised: true },
}))
  test(`${name} is painted`, () => assert(!isSame(plan, { ...plan, ...change })));
