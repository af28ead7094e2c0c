// @ts-check
// The width of an element is not asked for in the middle of a change.

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { Width } from '../../static/js/lib/width.js';

let lookAgain = () => {};
let asks = 0;
let laidOut = 0;
const element = /** @type {HTMLElement} */ (
  /** @type {unknown} */ ({
    get clientWidth() {
      asks += 1;
      return laidOut;
    },
  })
);

beforeEach(() => {
  [asks, laidOut] = [0, 0];
  globalThis.ResizeObserver = class {
    /** @param {ResizeObserverCallback} hears */
    constructor(hears) {
      lookAgain = () => hears([], this);
    }
    observe() {}
    unobserve() {}
    disconnect() {}
  };
});

test('a width that is there is not asked for again', () => {
  const width = new Width(element, () => {});
  laidOut = 400;
  assert.deepEqual([width.pixels, width.pixels, asks], [400, 400, 1]);
});

test('what is hidden is asked for each time until it has a width', () => {
  const width = new Width(element, () => {});
  assert.equal(width.pixels, 0);
  laidOut = 300;
  assert.equal(width.pixels, 300);
});

test('another width is told once', () => {
  let calls = 0;
  const width = new Width(element, () => {
    calls += 1;
  });
  laidOut = 400;
  for (let look = 0; look < 2; look += 1) lookAgain();
  assert.deepEqual([calls, width.pixels], [1, 400]);
  laidOut = 250;
  lookAgain();
  assert.deepEqual([calls, width.pixels], [2, 250]);
});
