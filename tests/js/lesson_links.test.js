// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { linkFrom } from '../../static/js/home/lesson_links.js';

const layer = (/** @type {string} */ operation, /** @type {number} */ call) => ({ operations: [operation], call });
const reading = {
  header: { layers: [layer('conv2d', 0), layer('relu', 1), layer('conv2d', 2), layer('linear', 5)] },
};
const at = (/** @type {number} */ place, item = 0) => linkFrom(reading, { layer: place, item, cell: 0 });

test('a map of the first convolution leads to its filter, every other layer to its step', () => {
  assert.deepEqual(at(0, 3), { to: 'filter', item: 3, call: 0 });
  assert.deepEqual(at(1), { to: 'layer', item: 0, call: 1 });
  assert.deepEqual(at(2), { to: 'layer', item: 0, call: 2 });
  assert.deepEqual(at(3, 9), { to: 'layer', item: 9, call: 5 });
});

test('the image and the probabilities have no way of their own', () => {
  assert.equal(at(-1), null);
  assert.equal(at(4), null);
});
