// @ts-check
// A press right after a change waits until the page has run with it: who says when.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Elsewhere } from '../../static/js/frame/elsewhere.js';
import { Hand } from '../../static/js/lib/settings.js';
import * as unheard from '../../static/js/lib/unheard.js';

function setUp() {
  let now = 0;
  const elsewhere = new Elsewhere({ now: () => now });
  return {
    elsewhere,
    pass: (/** @type {number} */ ms) => {
      now += ms;
    },
  };
}

test('a change of a field is heard with the end of the run that it began, however long that takes', () => {
  const { elsewhere, pass } = setUp();
  assert.ok(elsewhere.isHeard());
  elsewhere.changed();
  assert.ok(!elsewhere.isHeard());
  pass(100);
  elsewhere.runs(true);
  pass(5000);
  assert.ok(!elsewhere.isHeard());
  elsewhere.runs(false);
  assert.ok(elsewhere.isHeard());
});

test('a run that ends before the change has begun one of its own does not count', () => {
  const { elsewhere } = setUp();
  elsewhere.changed();
  elsewhere.runs(false);
  assert.ok(!elsewhere.isHeard());
});

test('a change that begins no run keeps nobody for long', () => {
  const { elsewhere, pass } = setUp();
  elsewhere.changed();
  pass(1000);
  assert.ok(elsewhere.isHeard());
});

test('all is heard once each hand is, and a hand that left keeps nobody', () => {
  /** @type {number[]} */
  const reports = [];
  const hand = new Hand(({ count }) => reports.push(count), { later: () => () => {} });
  const said = { settings: { k: 1 }, session: 'a', stamp: 0, after: 0 };
  hand.hear(said);
  unheard.add(hand);
  assert.ok(unheard.isAllHeard());
  hand.move({ k: 2 });
  assert.ok(!unheard.isAllHeard());
  unheard.tellAll();
  assert.deepEqual(reports, [1]); // at once, and not only when the hand rests
  hand.hear(said); // a run that began before
  assert.ok(!unheard.isAllHeard());
  hand.hear({ ...said, settings: { k: 2 }, after: 1 });
  assert.ok(unheard.isAllHeard());
  hand.move({ k: 3 });
  unheard.remove(hand);
  assert.ok(unheard.isAllHeard());
});
