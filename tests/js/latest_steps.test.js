// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LatestSteps } from '../../static/js/lenet/latest_steps.js';

/** @param {number | null} same @param {number} offset @param {number} length */
const tensor = (same, offset, length) => ({
  shape: [length],
  size: length,
  form: '',
  min: null,
  max: null,
  offset,
  length,
  cut: false,
  same,
});
const FIRST = { base: '', tensors: [tensor(null, 0, 2), tensor(null, 2, 3)], groups: [[]] };
const NUMBERS = Float32Array.of(1, 2, 3, 4, 5);

/** @param {string} base */
const next = (base) => ({ base, tensors: [tensor(1, 0, 3), tensor(null, 0, 1)], groups: null });

/** @param {import('../../static/js/lenet/latest_steps.js').WholeStep | null} step */
const listed = (step) => step?.numbers.map((numbers) => [...numbers]);

test('a step has its own numbers, and those of the step that it names', () => {
  const latest = new LatestSteps();
  const first = latest.whole('a.en', FIRST, NUMBERS);
  assert.deepEqual(listed(first), [
    [1, 2],
    [3, 4, 5],
  ]);
  const second = latest.whole('b.en', next('a.en'), Float32Array.of(9));
  assert.deepEqual(listed(second), [[3, 4, 5], [9]]);
  assert.equal(second?.groups, first?.groups);
  const third = latest.whole('c.en', next('a.en'), Float32Array.of(8));
  assert.deepEqual(listed(third), [[3, 4, 5], [8]], 'one question goes out before the last answer is taken over');
});

test('a step that names one which is not here is none, and of many the newest stay', () => {
  const latest = new LatestSteps();
  assert.equal(latest.whole('b.en', next('a.en'), Float32Array.of(9)), null);
  for (const name of ['a.en', 'b.en', 'a.en', 'c.en', 'd.en']) latest.whole(name, FIRST, NUMBERS);
  assert.deepEqual([...latest.steps.keys()], ['a.en', 'c.en', 'd.en']);
  assert.equal(latest.whole('e.en', next('b.en'), Float32Array.of(9)), null);
});
