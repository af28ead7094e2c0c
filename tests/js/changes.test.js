// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  changes,
  likeliest,
  parseNumber,
  span,
  withChange,
  withoutLast,
  withSign,
} from '../../static/js/lenet/changes.js';

test('a changed number keeps its turn, is given back by null, and the newest is undone first', () => {
  const two = withChange(withChange('', 3, 12, -1.5), 0, 7, 2e-8);
  assert.equal(two, '3.12:-1.5,0.7:2e-8');
  assert.equal(withChange(two, 3, 12, 1 / 3), '3.12:0.3333333,0.7:2e-8');
  assert.equal(withChange(two, 3, 12, null), '0.7:2e-8');
  assert.equal(withoutLast(two), '3.12:-1.5');
  assert.equal(withoutLast(withoutLast(two)), '');
  assert.deepEqual(changes(two)[0], { value: 3, place: 12, number: -1.5 });
  assert.deepEqual(changes(''), []);
});

test('what is typed is a number or none', () => {
  assert.deepEqual(['−0,5', ' .25', '7.', '+3', '1e-3', '-2E2'].map(parseNumber), [-0.5, 0.25, 7, 3, 0.001, -200]);
  for (const wrong of ['', '-', 'nan', '1.2.3', '2e9', '0x10', '1e', '∞'])
    assert.equal(parseNumber(wrong), undefined);
});

test('a slider goes half of the span beyond the numbers of the tensor, and never nowhere', () => {
  assert.deepEqual(span(-1, 3), { least: -3, most: 5, step: 0.04 });
  assert.deepEqual(span(0, 0), { least: -1, most: 1, step: 0.01 });
  assert.deepEqual(span(4, 4), { least: 0, most: 8, step: 0.04 });
  assert.deepEqual(span(null, null), { least: -1, most: 1, step: 0.01 });
});

test('each row has one likeliest class, and none where it is not all numbers', () => {
  assert.deepEqual(
    likeliest([
      [0.1, 0.9],
      [0.8, 0.2],
    ]),
    [1, 0],
  );
  assert.deepEqual(
    likeliest([
      [0.1, 0.9],
      [0.3, 0.7],
    ]),
    [1],
  );
  assert.deepEqual(
    likeliest([
      [0.1, 0.9],
      ['nan', 'nan'],
    ]),
    [1],
  );
});

test('a difference has its sign and is never rounded to nothing', () => {
  assert.deepEqual([0, 0.25, -2.5412e-5, 1e-9].map(withSign), ['0', '+0.25', '−0.0000254', '+1e-9']);
});
