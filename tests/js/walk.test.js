// @ts-check
import assert from 'node:assert/strict';
import { beforeEach, mock, test } from 'node:test';
import { Player } from '../../static/js/lenet/player.js';
import { StepNumbers } from '../../static/js/lenet/step_numbers.js';
import { WhatIfSetting } from '../../static/js/lenet/what_if_setting.js';

/** @param {Partial<import('../../static/js/lenet/payload.js').WhatIfData>} parts */
const whatIf = (parts) => ({
  changes: [],
  loss: [],
  probabilities: [],
  effects: [],
  tensors: [],
  whole: true,
  ...parts,
});

/** @param {number} tensor @param {number} place @param {number} after */
const change = (tensor, place, after) => ({ name: '', value: tensor, tensor, place, before: 0, after });

function numbers() {
  const all = new StepNumbers();
  all.take([Float32Array.of(1, 2), Float32Array.of(3, 4, 5)]);
  return all;
}

test('a what-if replaces the tensors that came with it, and its own number in the others', () => {
  const all = numbers();
  all.suppose(whatIf({ tensors: [[1, 3]], changes: [change(0, 1, 9)] }), Float32Array.of(6, 7, 8));
  assert.deepEqual([...all.of(0)], [1, 9]);
  assert.deepEqual([...all.of(1)], [6, 7, 8]);
  assert.deepEqual([...all.original(0), ...all.original(1)], [1, 2, 3, 4, 5]);
  assert.ok(all.isSupposed(0) && all.isSupposed(1));
});

test('a changed number beyond those that were sent changes none of them', () => {
  const all = numbers();
  all.suppose(whatIf({ changes: [change(0, 2, 9)] }), new Float32Array());
  assert.deepEqual([...all.of(0)], [1, 2]);
});

test('a what-if reaches the steps in which a cell changes; without one nothing is supposed', () => {
  const all = numbers();
  const effect = { size: 3, largest: 1 };
  const effects = [
    { ...effect, step: 2, cells: 1 },
    { ...effect, step: 5, cells: 0 },
  ];
  all.suppose(whatIf({ effects, changes: [change(0, 0, 9)] }), new Float32Array());
  assert.deepEqual([...all.reached], [2]);
  all.restore();
  assert.deepEqual([all.reached.size, all.whatIf, all.isSupposed(0), all.of(0)[0]], [0, null, false, 1]);
});

/** What is played: it stands at `at`. @param {number} at */
function trackAt(at) {
  const track = {
    at,
    last: 3,
    pace: 100,
    shows: 0,
    go: (/** @type {number} */ step) => {
      track.at = Math.min(step, track.last);
    },
    showPlaying: () => {
      track.shows += 1;
    },
  };
  return track;
}

beforeEach(() => mock.timers.reset());

test('it plays one step after the other at its pace until it pauses, and says so each time', () => {
  mock.timers.enable({ apis: ['setInterval'] });
  const track = trackAt(0);
  const player = new Player(track);
  player.toggle();
  mock.timers.tick(250);
  assert.deepEqual([track.at, player.isPlaying, track.shows], [2, true, 1]);
  player.toggle();
  mock.timers.tick(1000);
  assert.deepEqual([track.at, player.isPlaying, track.shows], [2, false, 2]);
});

test('from the last step it begins again, and another pace counts at once', () => {
  mock.timers.enable({ apis: ['setInterval'] });
  const track = trackAt(3);
  const player = new Player(track);
  player.restart();
  assert.ok(!player.isPlaying);
  player.toggle();
  assert.equal(track.at, 0);
  track.pace = 10;
  player.restart();
  mock.timers.tick(25);
  assert.deepEqual([track.at, player.isPlaying], [2, true]);
});

test('the setting of a what-if names what the hand has changed, and each change is followed', () => {
  let values = { changes: '' };
  let follows = 0;
  const owner = {
    values: () => values,
    move: (/** @type {object} */ changes) => {
      values = { ...values, ...changes };
    },
    hold: () => {},
    ask: () => {},
  };
  const setting = new WhatIfSetting(owner, () => {
    follows += 1;
  });
  setting.set(3, 12, -1.5);
  setting.set(0, 7, 2);
  assert.deepEqual([setting.numberAt(3, 12), setting.numberAt(0, 7), setting.numberAt(0, 8)], [-1.5, 2, undefined]);
  setting.undo();
  assert.equal(setting.text, '3.12:-1.5');
  setting.reset();
  assert.deepEqual([setting.text, follows], ['', 4]);
});
