// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changes, parseNumber, stepNumber, withChange } from '../../static/js/operators/cells.js';

test('a changed cell is written by its place, in order, and given back by null', () => {
  const once = withChange('', 3, -1.5);
  const twice = withChange(once, 0, 0.000001);
  assert.deepEqual([once, twice], ['3:-1.5', '0:0.000001,3:-1.5']);
  assert.equal(withChange(withChange(twice, 3, 2), 0, null), '3:2');
  assert.deepEqual(
    [...changes(twice)],
    [
      [0, 0.000001],
      [3, -1.5],
    ],
  );
  assert.equal(withChange(withChange('', 1, -0), 2, 1e-9), '1:0,2:0');
});

test('what is typed is a number, nothing, or no number', () => {
  assert.deepEqual(['−0,5', ' .25', '-.5', '7.', '+3'].map(parseNumber), [-0.5, 0.25, -0.5, 7, 3]);
  assert.equal(parseNumber(' '), null);
  for (const wrong of ['-', '1e5', 'nan', '1.2.3', '1000000', '0x10', '1,2,3'])
    assert.equal(parseNumber(wrong), undefined);
});

test('steps go in tenths and stop at the ends', () => {
  assert.deepEqual([stepNumber(0.2, 1), stepNumber(0.3, -3), stepNumber(-0.05, 1)], [0.3, 0, 0.05]);
  assert.equal(stepNumber(999_999, 10), 999_999);
});
