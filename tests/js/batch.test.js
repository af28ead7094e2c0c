// @ts-check
// Two parts of the page that change in one moment: Streamlit may run only one of them, so all is asked for.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Batch } from '../../static/js/frame/batch.js';

function setUp() {
  /** @type {(() => void)[]} */
  let timers = [];
  let requests = 0;
  const later = (/** @type {() => void} */ act) => {
    timers.push(act);
    return () => {};
  };
  const fire = () => {
    const due = timers;
    timers = [];
    for (const act of due) act();
  };
  return { batch: new Batch({ later }, () => requests++), fire, requests: () => requests };
}

test('two parts that change before Streamlit has sent ask for a run of the page, once', () => {
  const { batch, fire, requests } = setUp();
  batch.add('widget');
  fire(); // before Streamlit's own timer, which began later in the same task
  batch.add('drawing');
  batch.add('drawing');
  fire();
  assert.equal(requests(), 1);
  fire();
  assert.equal(requests(), 1);
});

test('one part that changes twice, or two one after the other, do not', () => {
  const { batch, fire, requests } = setUp();
  batch.add('drawing');
  batch.add('drawing');
  fire();
  fire();
  batch.add('widget');
  fire();
  fire();
  assert.equal(requests(), 0);
});
