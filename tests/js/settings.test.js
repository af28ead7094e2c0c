// @ts-check
// Settings in the hand of a reader: what they do counts at once, and Python never undoes it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyChange } from '../../static/js/convolution/model.js';
import { Hand, logarithmic, meansSomething, nearest } from '../../static/js/lib/settings.js';

function setUp() {
  /** @type {{ settings: object, count: number }[]} */
  const reports = [];
  /** @type {(() => void) | null} */
  let waiting = null;
  const clock = {
    later: (/** @type {() => void} */ act) => {
      waiting = act;
      return () => {
        waiting = null;
      };
    },
  };
  const hand = new Hand((report) => reports.push(report), clock);
  const rest = () => {
    const act = waiting;
    waiting = null;
    act?.();
  };
  return { hand, reports, rest };
}

const message = (/** @type {number} */ k, stamp = 0, after = 0) => ({
  settings: { k },
  session: 'a',
  stamp,
  after,
});

test('a setting means something where one of its conditions holds', () => {
  /** @type {Pick<import('../../static/js/lib/settings.js').Declaration, 'when'>} */
  const declared = { when: [{ kind: ['conv'], pad: ['number'] }, { kind: ['max', 'avg'] }] };
  assert.ok(meansSomething(declared, { kind: 'conv', pad: 'number' }));
  assert.ok(meansSomething(declared, { kind: 'max', pad: 'same' }));
  assert.ok(!meansSomething(declared, { kind: 'conv', pad: 'same' }));
  assert.ok(meansSomething({ when: [] }, {}));
});

test('Python is told once, when the hand rests, and not while a pointer is down', () => {
  const { hand, reports, rest } = setUp();
  hand.hear(message(1));
  hand.hold(true);
  for (const k of [2, 3, 4]) hand.move({ k });
  rest();
  assert.deepEqual(reports, []);
  hand.hold(false);
  rest();
  assert.deepEqual(reports, [{ settings: { k: 4 }, count: 3 }]);
  hand.hold(true);
  hand.hold(false); // a press that changes nothing
  rest();
  assert.equal(reports.length, 1);
});

test('an echo of what was told changes nothing, however late it comes', () => {
  const { hand, rest } = setUp();
  assert.ok(hand.hear(message(1)));
  hand.move({ k: 2 });
  rest();
  hand.move({ k: 3 });
  assert.ok(!hand.hear(message(2, 0, 1)));
  assert.equal(hand.values.k, 3);
  rest();
  assert.ok(!hand.hear(message(3, 0, 2)));
  assert.equal(hand.values.k, 3);
});

test('a link or the back button sets the controls, unless the hand has moved since', () => {
  const { hand, rest } = setUp();
  hand.hear(message(1));
  assert.ok(hand.hear(message(7, 1)));
  assert.equal(hand.values.k, 7);
  hand.move({ k: 8 });
  assert.ok(!hand.hear(message(9, 2)));
  assert.equal(hand.values.k, 8);
  rest();
  assert.ok(hand.hear(message(5, 3, 1)));
  assert.equal(hand.values.k, 5);
});

test('a new session after a restart, which knows of no change, does not undo what the hand has done', () => {
  const { hand, reports, rest } = setUp();
  hand.hear(message(1, 4, 0));
  hand.move({ k: 2 }); // the server is gone: nobody hears the report
  rest();
  assert.ok(!hand.hear({ ...message(1, 0, 0), session: 'b' }));
  assert.equal(hand.values.k, 2);
  rest();
  assert.equal(reports.length, 2); // it is told again
  assert.deepEqual(reports[1].settings, { k: 2 });
});

test('a drawing that is mounted again goes on counting where it was', () => {
  const { hand, reports, rest } = setUp();
  hand.hear(message(1, 0, 12));
  hand.move({ k: 2 });
  rest();
  assert.equal(reports[0].count, 13);
});

test('what a drawing tells as it leaves reaches the one that is mounted in its place', () => {
  const { hand, reports, rest } = setUp();
  hand.hear(message(1, 0, 12)); // mounted before the page had heard the last report of the other
  assert.ok(hand.hear(message(2, 0, 13)));
  assert.equal(hand.values.k, 2);
  hand.move({ k: 3 });
  rest();
  assert.equal(reports[0].count, 14);
});

test('a picture is shown whole and numbers so that they can be read, unless the reader set a size', () => {
  const sides = { digit: 28, dice: 7 };
  const values = { input: 'digit', size: 28, size_w: 12, guessed: '9' };
  assert.deepEqual(applyChange(values, 'input', 'dice', sides), { input: 'dice', size: 7, guessed: '' });
  assert.deepEqual(applyChange(values, 'size', 9, sides), { size: 9, guessed: '' });
  assert.deepEqual(applyChange(values, 'guessed', '7', sides), { guessed: '7' });
});

test('a logarithmic slider has ten places for each power of ten, both ends, and whole numbers where they are', () => {
  /** @type {import('../../static/js/lib/settings.js').Declaration} */
  const lr = { name: 'lr', kind: 'number', minimum: 1e-5, maximum: 10, default: 0.01, when: [], scale: 'log' };
  const places = logarithmic(lr);
  assert.equal(places.length, 61);
  assert.deepEqual([places[0], places[1], places[30], places[31], places[60]], [1e-5, 1.3e-5, 0.01, 0.013, 10]);
  const batch = logarithmic({ ...lr, minimum: 1, maximum: 1000, default: 4 });
  assert.deepEqual(batch.slice(0, 8), [1, 2, 3, 4, 5, 6, 8, 10]);
  assert.equal(batch.at(-1), 1000);
  assert.equal(logarithmic({ ...lr, minimum: 1, maximum: 5000, default: 1 }).at(-1), 5000);
  assert.ok(batch.every((each, at) => Number.isInteger(each) && (!at || each > batch[at - 1])));
  assert.deepEqual([nearest(places, 0.0102), nearest(places, 100), nearest(batch, 7)], [30, 60, 6]);
});
