// @ts-check
// What may be commanded: while an answer is awaited nothing, and never by what the page or an old connection knew.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Steering } from '../../static/js/train/steering_model.js';

const PAUSED = {
  run: 'a',
  state: 'paused',
  step: 3,
  commands: ['resume', 'batch', 'epoch', 'stop', 'learning_rate'],
};
const RUNNING = { run: 'a', state: 'running', step: 3, commands: ['pause', 'stop', 'learning_rate'] };

function setUp(report = RUNNING) {
  /** @type {[string, number | null][]} */
  const commands = [];
  /** @type {{ act: () => void, ms: number } | null} */
  let timer = null;
  const clock = {
    later: (/** @type {() => void} */ act, /** @type {number} */ ms) => {
      timer = { act, ms };
      return () => {
        timer = null;
      };
    },
    now: () => 0,
  };
  const steering = new Steering(
    (command, value) => commands.push([command, value]) > 0,
    () => {},
    clock,
  );
  const ring = () => {
    const { act } = /** @type {{ act: () => void }} */ (timer);
    timer = null;
    act();
  };
  steering.reached(true);
  steering.hear(report);
  return { steering, commands, ring, timer: () => timer };
}

test('nothing is sent that means nothing, and nothing while an answer is awaited', () => {
  const { steering, commands } = setUp();
  for (const command of ['resume', 'batch', 'kill', 'pause', 'pause', 'stop']) steering.command(command);
  assert.deepEqual(commands, [['pause', null]]);
  steering.hear({ ...RUNNING, step: 4 }); // it trains on until it has paused
  steering.obeyed('');
  steering.command('stop');
  assert.equal(commands.length, 1);
  steering.hear(PAUSED);
  steering.command('batch');
  assert.deepEqual(commands[1], ['batch', null]);
});

test('each press of One batch waits for its batch', () => {
  const { steering, commands } = setUp(PAUSED);
  for (let step = 4; step < 7; step += 1) {
    steering.command('batch');
    steering.command('batch');
    steering.obeyed('');
    steering.command('batch');
    steering.hear({ ...RUNNING, step: step - 1 });
    steering.command('stop');
    steering.hear({ ...PAUSED, step });
  }
  assert.equal(commands.length, 3);
});

test('what was obeyed and takes its time is said, and may be pressed again after a while', () => {
  const { steering, commands, ring } = setUp();
  steering.command('pause');
  assert.equal(steering.note, '');
  steering.obeyed('');
  ring();
  assert.equal(steering.note, 'slow');
  assert.equal(steering.may('pause'), false);
  ring();
  assert.equal(steering.may('pause'), true);
  steering.hear(PAUSED);
  assert.deepEqual([steering.note, steering.awaited, commands.length], ['', null, 1]);
});

test('a refusal is shown and the buttons are free', () => {
  const { steering, timer } = setUp();
  steering.command('pause');
  steering.obeyed('this run waits for its turn');
  assert.equal(steering.refusal, 'this run waits for its turn');
  assert.equal(steering.may('pause'), true);
  steering.command('pause');
  assert.equal(steering.refusal, '');
  assert.equal(timer(), null);
});

test('a rate is set when it is obeyed, whatever the run does', () => {
  const { steering, commands } = setUp();
  steering.command('learning_rate', 0.5);
  steering.hear({ ...RUNNING, step: 4 });
  assert.equal(steering.may('learning_rate'), false);
  steering.obeyed('');
  assert.deepEqual([steering.note, commands], ['success', [['learning_rate', 0.5]]]);
  assert.equal(steering.may('learning_rate'), true);
});

test('after the connection ended nothing is possible before the server speaks, and a lost answer is said', () => {
  const { steering, commands } = setUp(PAUSED);
  steering.command('batch');
  steering.reached(false);
  steering.unknown();
  assert.deepEqual([steering.note, steering.may('batch')], ['unknown', false]);
  steering.reached(true);
  assert.equal(steering.may('batch'), false, 'what was told is of another connection');
  steering.hear(PAUSED);
  assert.deepEqual([steering.note, steering.may('batch'), commands.length], ['unknown', true, 1]);
  steering.hear({ ...PAUSED, run: 'b' });
  assert.equal(steering.note, '', 'it was said of another run');
});
