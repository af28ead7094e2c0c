// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addressHas } from '../../static/js/frame/find_element.js';
import { nextOf, waitsFor } from '../../static/js/frame/guide_model.js';
import { placeOf } from '../../static/js/frame/place.js';
import { pathAfter } from '../../static/js/frame/projector.js';
import { keepJourney } from '../../static/js/frame/resume.js';

const window = { width: 1280, height: 800 };
const card = { width: 320, height: 120 };

/** @param {{ x: number, y: number }} at @param {import('../../static/js/frame/place.js').Box} box */
const covers = (at, box) =>
  at.x < box.x + box.width && at.x + card.width > box.x && at.y < box.y + box.height && at.y + card.height > box.y;

test('the guide stands in the window, and beside what it speaks of where there is room', () => {
  for (let x = 0; x <= 1240; x += 40) {
    for (let y = 0; y <= 760; y += 40) {
      const target = { x, y, width: 100, height: 40 };
      const at = placeOf(target, card, window);
      assert.ok(at.x >= 0 && at.y >= 0 && at.x + 320 <= 1280 && at.y + 120 <= 800, `${x} ${y}`);
      assert.ok(!covers(at, target), `${x} ${y}`);
    }
  }
});

test('without a target, or with one that fills the window, it stands in the lower right corner', () => {
  const corner = { x: 1280 - 320 - 12, y: 800 - 120 - 12 };
  assert.deepEqual(placeOf(null, card, window), corner);
  assert.deepEqual(placeOf({ x: 0, y: 0, width: 1280, height: 800 }, card, window), corner);
});

test('on a phone it stands at the end that its target leaves free, and never above the window', () => {
  const phone = { width: 390, height: 844 };
  const target = { x: 10, y: 100, width: 150, height: 150 };
  assert.deepEqual(placeOf(target, card, phone), { x: 58, y: 844 - 120 - 12 });
  assert.deepEqual(placeOf({ ...target, y: 600 }, card, phone), { x: 58, y: 12 });
  assert.deepEqual(placeOf(target, { width: 366, height: 900 }, phone), { x: 12, y: 0 });
});

test('an address holds a value, or any value', () => {
  assert.ok(addressHas('convolution_stride=2', '?lang=zh&convolution_stride=2'));
  assert.ok(!addressHas('convolution_stride=2', '?convolution_stride=3'));
  assert.ok(addressHas('run=*', '?run=new'));
  assert.ok(!addressHas('run=*', ''));
});

test('a clicker leads to the next lesson and back, and stays at the ends', () => {
  const paths = ['/', '/linear_fit', '/draw'];
  assert.equal(pathAfter(paths, '/', 'PageDown'), '/linear_fit');
  assert.equal(pathAfter(paths, '/draw', 'PageUp'), '/linear_fit');
  assert.equal(pathAfter(paths, '/draw', 'PageDown'), null);
  assert.equal(pathAfter(paths, '/', 'PageUp'), null);
  assert.equal(pathAfter(paths, '/elsewhere', 'PageUp'), null);
});

test('a journey under way is told to a new session, and one that was left is not', () => {
  /** @type {Map<string, string>} */
  const entries = new Map();
  const storage = {
    getItem: (/** @type {string} */ key) => entries.get(key) ?? null,
    setItem: (/** @type {string} */ key, /** @type {string} */ value) => void entries.set(key, value),
    removeItem: (/** @type {string} */ key) => void entries.delete(key),
  };
  /** @type {string[]} */
  const progress = [];
  const tell = (/** @type {string} */ name) => progress.push(name);
  const tab = keepJourney(() => storage);
  tab('', 'first', tell);
  tab('one_hour/0', 'first', tell);
  tab('one_hour/1', 'first', tell);
  const reloaded = keepJourney(() => storage);
  reloaded('', 'second', tell);
  assert.deepEqual(progress, ['one_hour/1']);
  reloaded('one_hour/1', 'second', tell);
  reloaded('', 'third', tell); // the server has started again
  assert.deepEqual(progress, ['one_hour/1', 'one_hour/1']);
  reloaded('one_hour/1', 'third', tell);
  reloaded('', 'third', tell); // left
  reloaded('', 'fourth', tell);
  assert.equal(progress.length, 2);
  keepJourney(() => {
    throw new Error('no storage');
  })('', 'fifth', tell);
});

test('the button leads back to the page, past an action, to the next step or out of the journey', () => {
  const step = { step: 1, count: 3, here: true };
  assert.equal(nextOf({ ...step, here: false }, true), 'there');
  assert.equal(nextOf(step, true), 'skip');
  assert.equal(nextOf(step, false), 'next');
  assert.equal(nextOf({ ...step, step: 2 }, false), 'finish');
});

test('a step waits for a setting in the address, or for an element of the page', () => {
  assert.deepEqual(
    [waitsFor({ address: 'a=1', element: '' }), waitsFor({ address: '', element: 'h1' })],
    [true, true],
  );
  assert.equal(waitsFor({ address: '', element: '' }), false);
});
