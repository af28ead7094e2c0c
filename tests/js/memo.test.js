// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Memo } from '../../static/js/lenet/memo.js';

test('what was made is kept until one of its parts is another', () => {
  /** @type {Memo<number[]>} */
  const memo = new Memo();
  const words = { name: 'conv' };
  const first = memo.of([1, 'a', words], () => [1]);
  assert.equal(
    memo.of([1, 'a', words], () => [2]),
    first,
  );
  assert.ok(memo.isOf([1, 'a', words]) && !memo.isOf([1, 'a']) && !memo.isOf([1, 'a', words, 2]));
  assert.notEqual(
    memo.of([1, 'a', { ...words }], () => [3]),
    first,
    'the same words in another object may be of another language',
  );
});
