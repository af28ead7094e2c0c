// @ts-check
// A tab below the chart is drawn again when there is more to show, and not more than once a second.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isNews, Seldom } from '../../static/js/train/news_model.js';

test('a tab has news when its own run has more of its own topic', () => {
  const last = { run: 'a', topic: 'tests', count: 2 };
  const news = { tests: 3, checkpoints: 9, examined: 9 };
  assert.equal(isNews(last, { run: 'a', news }), true);
  assert.equal(isNews({ ...last, count: 3 }, { run: 'a', news }), false);
  assert.equal(isNews(last, { run: 'b', news }), false);
  assert.equal(isNews(last, null), false);
});

test('of many calls one goes at once, and the last is not lost', () => {
  let [time, calls] = [0, 0];
  /** @type {{ act: () => void, at: number }[]} */
  const waiting = [];
  const seldom = new Seldom(() => calls++, 1000, {
    later: (act, ms) => {
      waiting.push({ act, at: time + ms });
      return () => {
        waiting.pop();
      };
    },
    now: () => time,
  });
  for (; time < 500; time += 50) seldom.call();
  assert.equal(calls, 1);
  assert.deepEqual(
    waiting.map(({ at }) => at),
    [1000],
  );
  time = 1000;
  waiting.pop()?.act();
  assert.equal(calls, 2);
  seldom.call();
  seldom.end();
  assert.equal(waiting.length, 0);
});
