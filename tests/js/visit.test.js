// @ts-check
// Back returns to what was seen: which of the addresses that Streamlit writes become entries of the history.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Visit } from '../../static/js/frame/visit.js';

test('what a page restores by itself replaces its entry; what the reader sets there gets one', () => {
  const visit = new Visit();
  assert.equal(visit.entry(false), 'replace');
  visit.click(false);
  assert.equal(visit.entry(false), 'push');
});

test('the address of a page that is being left is no entry, and the next page begins untouched', () => {
  const visit = new Visit();
  visit.click(true);
  assert.deepEqual([visit.entry(false), visit.entry(true), visit.entry(false)], ['drop', 'push', 'replace']);
});

test('a page to which Back leads is untouched', () => {
  const visit = new Visit();
  visit.isUsed = true;
  visit.begin();
  assert.equal(visit.entry(false), 'replace');
});
