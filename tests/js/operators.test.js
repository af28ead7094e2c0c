// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changed, changes, stepped, typed } from '../../static/js/operators/cells.js';

test('a changed cell is written by its place, in order, and given back by null', () => {
  const once = changed('', 3, -1.5);
  const twice = changed(once, 0, 0.000001);
  assert.deepEqual([once, twice], ['3:-1.5', '0:0.000001,3:-1.5']);
  assert.equal(changed(changed(twice, 3, 2), 0, null), '3:2');
  assert.deepEqual(
    [...changes(twice)],
    [
      [0, 0.000001],
      [3, -1.5],
    ],
  );
  assert.equal(changed(changed('', 1, -0), 2, 1e-9), '1:0,2:0');
});

test('what is typed is a number, nothing, or no number', () => {
  assert.deepEqual(['−0,5', ' .25', '-.5', '7.', '+3'].map(typed), [-0.5, 0.25, -0.5, 7, 3]);
  assert.equal(typed(' '), null);
  for (const wrong of ['-', '1e5', 'nan', '1.2.3', '1000000', '0x10', '1,2,3'])
    assert.equal(typed(wrong), undefined);
});

test('steps go in tenths and stop at the ends', () => {
  assert.deepEqual([stepped(0.2, 1), stepped(0.3, -3), stepped(-0.05, 1)], [0.3, 0, 0.05]);
  assert.equal(stepped(999_999, 10), 999_999);
});
