// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { worthDrawing } from '../../static/js/lib/curves.js';

const WIDTH = 300;
const noisy = (/** @type {number} */ k) => 100 + 80 * Math.sin(k * 12.9898) * Math.cos(k * 0.01);

test('a curve with few places is drawn whole', () => {
  for (const count of [0, 1, 2, 50, 4 * WIDTH]) {
    const places = worthDrawing(count, (k) => (k / Math.max(1, count - 1)) * WIDTH, noisy);
    assert.deepEqual(places, [...Array(count).keys()]);
  }
});

test('of a long curve each column of pixels keeps its least and its greatest', () => {
  const count = 5_000;
  const x = (/** @type {number} */ k) => (k / (count - 1)) * WIDTH;
  const places = worthDrawing(count, x, noisy);
  assert.ok(places.length <= 3 * (WIDTH + 1) + 1);
  assert.deepEqual([places[0], places.at(-1)], [0, count - 1]);
  assert.deepEqual(
    places,
    [...new Set(places)].sort((a, b) => a - b),
  );
  for (let column = 0; column < WIDTH; column += 1) {
    const all = [...Array(count).keys()].filter((k) => Math.floor(x(k)) === column).map(noisy);
    const values = places.filter((k) => Math.floor(x(k)) === column).map(noisy);
    if (Math.max(...all) - Math.min(...all) < 1) continue;
    assert.equal(Math.max(...values), Math.max(...all));
    assert.equal(Math.min(...values), Math.min(...all));
  }
});

test('a long smooth curve is one place a column', () => {
  const places = worthDrawing(
    5_000,
    (k) => k / 50,
    (k) => k / 5_000,
  );
  assert.equal(places.length, 101);
});
