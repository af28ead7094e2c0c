// @ts-check
// A press right after a change waits until the page has run with it: who says when.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StreamlitChanges } from '../../static/js/frame/streamlit_changes.js';
import * as pendingChanges from '../../static/js/lib/pending_changes.js';
import { Hand } from '../../static/js/lib/settings.js';

function setUp() {
  let now = 0;
  const streamlitChanges = new StreamlitChanges({ now: () => now });
  return {
    streamlitChanges,
    pass: (/** @type {number} */ ms) => {
      now += ms;
    },
  };
}

test('a change of a field is heard with the end of the run that it began, however long that takes', () => {
  const { streamlitChanges, pass } = setUp();
  assert.ok(streamlitChanges.isHeard());
  streamlitChanges.changed();
  assert.ok(!streamlitChanges.isHeard());
  pass(100);
  streamlitChanges.runs(true);
  pass(5000);
  assert.ok(!streamlitChanges.isHeard());
  streamlitChanges.runs(false);
  assert.ok(streamlitChanges.isHeard());
});

test('a run that ends before the change has begun one of its own does not count', () => {
  const { streamlitChanges } = setUp();
  streamlitChanges.changed();
  streamlitChanges.runs(false);
  assert.ok(!streamlitChanges.isHeard());
});

test('a change that begins no run keeps nobody for long', () => {
  const { streamlitChanges, pass } = setUp();
  streamlitChanges.changed();
  pass(1000);
  assert.ok(streamlitChanges.isHeard());
});

test('all is heard once each hand is, and a hand that left keeps nobody', () => {
  /** @type {number[]} */
  const reports = [];
  const hand = new Hand(({ count }) => reports.push(count), { later: () => () => {} });
  const report = { settings: { k: 1 }, session: 'a', stamp: 0, after: 0 };
  hand.hear(report);
  pendingChanges.add(hand);
  assert.ok(pendingChanges.isAllHeard());
  hand.move({ k: 2 });
  assert.ok(!pendingChanges.isAllHeard());
  pendingChanges.tellAll();
  assert.deepEqual(reports, [1]); // at once, and not only when the hand rests
  hand.hear(report); // a run that began before
  assert.ok(!pendingChanges.isAllHeard());
  hand.hear({ ...report, settings: { k: 2 }, after: 1 });
  assert.ok(pendingChanges.isAllHeard());
  hand.move({ k: 3 });
  pendingChanges.remove(hand);
  assert.ok(pendingChanges.isAllHeard());
});
