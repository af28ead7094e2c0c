// @ts-check
// Which iteration of a fit is shown while it is played, waited for, or gone through by hand.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Playback } from '../../static/js/linear_fit/playback.js';

const whole = { total: 600, have: 600 };

test('the whole run takes six seconds at the first pace', () => {
  const playback = new Playback();
  playback.start(whole);
  assert.ok(playback.frame(1000, whole));
  assert.equal(playback.at, 0);
  assert.ok(playback.frame(4000, whole));
  assert.equal(playback.at, 300);
  assert.ok(!playback.frame(7000, whole));
  assert.equal(playback.at, 600);
  playback.start(whole); // from the end it begins again
  assert.equal(playback.at, 0);
});

test('an iteration that is not here yet is waited for, and what was waited is not made up for', () => {
  const playback = new Playback();
  const short = { total: 600, have: 100 };
  playback.start(short);
  playback.frame(0, short);
  playback.frame(3000, short);
  assert.equal(playback.at, 100);
  playback.frame(3100, whole);
  assert.equal(playback.at, 100);
  playback.frame(4100, whole);
  assert.equal(playback.at, 200);
});

test('another pace counts from where it is', () => {
  const playback = new Playback();
  playback.start(whole);
  playback.frame(0, whole);
  playback.frame(1000, whole);
  playback.nextPace(); // 50 a second
  playback.frame(1000, whole);
  playback.frame(2000, whole);
  assert.equal(playback.at, 150);
  playback.nextPace();
  playback.nextPace();
  assert.equal(playback.pace, 0);
});

test('a hand stops it and stays inside what is here; another training begins at its start', () => {
  const playback = new Playback();
  playback.start(whole);
  playback.go(700, { total: 600, have: 100 });
  assert.deepEqual([playback.at, playback.playing, playback.stays], [100, false, true]);
  playback.go(Number.NaN, whole);
  assert.equal(playback.at, 0);
  playback.go(-3, whole);
  assert.equal(playback.at, 0);
  playback.go(7, whole);
  playback.begin();
  assert.deepEqual([playback.at, playback.stays], [0, false]);
});
