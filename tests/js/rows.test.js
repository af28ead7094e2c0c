// @ts-check
// The rows of a network: what an edit changes, and what it leaves alone.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  copyOf,
  setOption,
  signatureOf,
  withKind,
  withMove,
  without,
} from '../../static/js/convolution/rows_model.js';

/** @type {import('../../static/js/convolution/payload.js').RowData[]} */
const ROWS = [
  { kind: 'conv2d', options: { kernel_size: '3', stride: '2' } },
  { kind: 'relu', options: {} },
  { kind: 'linear', options: { out_features: '10' } },
];
const LABELS = { layer: '', add: '', up: '', down: '', remove: '', auto: '', torch: '', mend: '' };
const kinds = (/** @type {typeof ROWS} */ rows) => rows.map(({ kind }) => kind);

test('a row of another kind begins without options, and one past the end is new', () => {
  assert.deepEqual(withKind(ROWS, 0, 'flatten')[0], { kind: 'flatten', options: {} });
  assert.deepEqual(kinds(withKind(ROWS, 3, 'relu')), ['conv2d', 'relu', 'linear', 'relu']);
});

test('rows change places and go, and the list before stays', () => {
  assert.deepEqual(kinds(withMove(ROWS, 1, -1)), ['relu', 'conv2d', 'linear']);
  assert.deepEqual(kinds(withMove(ROWS, 1, 1)), ['conv2d', 'linear', 'relu']);
  assert.deepEqual(kinds(without(ROWS, 0)), ['relu', 'linear']);
  assert.deepEqual(kinds(ROWS), ['conv2d', 'relu', 'linear']);
});

test('an option is typed into the copy alone, and one that is emptied is the default', () => {
  const [row] = copyOf(ROWS);
  setOption(row, 'padding', '1');
  setOption(row, 'stride', '');
  assert.deepEqual(row.options, { kernel_size: '3', padding: '1' });
  assert.deepEqual(ROWS[0].options, { kernel_size: '3', stride: '2' });
});

test('the order in which options were typed is not seen; another kind, option or language is', () => {
  const turned = [{ kind: 'conv2d', options: { stride: '2', kernel_size: '3' } }, ...ROWS.slice(1)];
  assert.equal(signatureOf(turned, LABELS), signatureOf(ROWS, LABELS));
  assert.notEqual(signatureOf(without(ROWS, 1), LABELS), signatureOf(ROWS, LABELS));
  assert.notEqual(signatureOf(ROWS, { ...LABELS, add: '添加' }), signatureOf(ROWS, LABELS));
});
