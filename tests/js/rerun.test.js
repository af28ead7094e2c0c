// @ts-check
// After the live channel was connected again the page asks for a run, until it has had one.

import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { BACK } from '../../static/js/lib/live.js';

const heard = new EventTarget();
Object.assign(globalThis, {
  window: globalThis,
  addEventListener: heard.addEventListener.bind(heard),
});
const { runAgain } = await import('../../static/js/frame/rerun.js');

test('a page asks for a run until it has had one, and not more than once where it had it before', () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  /** @type {[string, unknown][]} */
  const requests = [];
  let running = false;
  const ran = runAgain(() => running);
  const run = (/** @type {string} */ stamp) => ran(stamp, (name, value) => requests.push([name, value]));
  run('a');
  mock.timers.tick(60_000);
  assert.deepEqual(requests, []); // nothing was lost
  heard.dispatchEvent(new Event(BACK));
  mock.timers.tick(500);
  run('a'); // for another reason: what was asked for is not here yet
  mock.timers.tick(1000);
  assert.deepEqual(requests, [
    ['back', 1],
    ['back', 2],
  ]);
  running = true;
  mock.timers.tick(10_000);
  assert.equal(requests.length, 2); // a run that is under way is not broken off
  running = false;
  run('b');
  mock.timers.tick(60_000);
  assert.equal(requests.length, 2);
  heard.dispatchEvent(new Event(BACK));
  run('c'); // Streamlit ran the page by itself, in another session
  mock.timers.tick(60_000);
  assert.equal(requests.length, 2);
  mock.timers.reset();
});
