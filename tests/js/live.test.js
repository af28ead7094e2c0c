// @ts-check
// The channel of a tab: one question under way and the newest waiting, and everything there again after a restart.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Channel } from '../../static/js/lib/live.js';
import { pack, unpack } from '../../static/js/lib/message.js';

/** @typedef {{ settings: { k: number }, language: string, ask?: string, command?: string, number: number }} Sent */

class Wire {
  /** @param {import('../../static/js/lib/live.js').News} news */
  constructor(news) {
    this.news = news;
    /** @type {Sent[]} */
    this.messages = [];
  }
  /** @param {Uint8Array} content */
  send(content) {
    /** @type {{ header: Sent }} */
    const { header } = unpack(content);
    this.messages.push(header);
  }
  close() {}
  /** @param {object} header */
  answer(header, /** @type {number[]} */ numbers = []) {
    this.news.message(pack(header, numbers));
  }
}

function setUp() {
  /** @type {Wire[]} */
  const wires = [];
  /** @type {{ act: () => void, at: number, timer: number }[]} */
  let timers = [];
  let [time, count] = [0, 0];
  /** @type {number[]} */
  const back = [];
  const clock = {
    later: (/** @type {() => void} */ act, /** @type {number} */ ms) => {
      count += 1;
      timers.push({ act, at: time + ms, timer: count });
      const timer = count;
      return () => {
        timers = timers.filter((each) => each.timer !== timer);
      };
    },
    now: () => time,
  };
  const channel = new Channel(
    (news) => {
      wires.push(new Wire(news));
      return wires[wires.length - 1];
    },
    clock,
    () => back.push(time),
  );
  const pass = (/** @type {number} */ ms) => {
    const end = time + ms;
    for (;;) {
      const next = timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      time = next.at;
      timers = timers.filter((each) => each !== next);
      next.act();
    }
    time = end;
  };
  /** @type {{ number: number, floats: number[] }[]} */
  const answers = [];
  /** @type {boolean[]} */
  const connected = [];
  /** @type {(string | null)[]} */
  const obeyed = [];
  const line = channel.line('conv', {
    answer: (header, floats) => answers.push({ ...header, floats: [...floats] }),
    connected: (is) => connected.push(is),
    obeyed: (refusal) => obeyed.push(refusal),
    unknown: () => obeyed.push(null),
  });
  return { channel, line, wires, answers, connected, obeyed, back, pass };
}

const commands = (/** @type {Wire} */ wire) =>
  wire.messages.filter((each) => 'command' in each).map(({ command, number }) => [command, number]);
const asks = (/** @type {Wire} */ wire) =>
  wire.messages.filter((each) => 'ask' in each).map((each) => each.settings.k);

test('while one question is under way only the newest waits', () => {
  const { line, wires, answers } = setUp();
  line.ask({ k: 1 }, 'en');
  wires[0].news.onOpen();
  for (let k = 2; k < 9; k += 1) line.ask({ k }, 'zh');
  assert.deepEqual(asks(wires[0]), [1]);
  wires[0].answer({ line: 0, number: 1, last: true }, [7]);
  assert.deepEqual(asks(wires[0]), [1, 8]);
  assert.equal(wires[0].messages[1].language, 'zh');
  wires[0].answer({ line: 0, number: 2, last: true });
  assert.deepEqual(asks(wires[0]), [1, 8]);
  assert.deepEqual(
    answers.map(({ number, floats }) => [number, floats]),
    [
      [1, [7]],
      [2, []],
    ],
  );
});

test('a stream lets the next question go after its first part, and what then comes of it is not shown', () => {
  const { line, wires, answers } = setUp();
  wires[0].news.onOpen();
  line.ask({ k: 1 }, 'en');
  wires[0].answer({ line: 0, number: 1, last: false });
  line.ask({ k: 2 }, 'en');
  assert.deepEqual(asks(wires[0]), [1, 2]);
  wires[0].answer({ line: 0, number: 1, last: false });
  wires[0].answer({ line: 0, number: 2, last: true });
  assert.deepEqual(
    answers.map(({ number }) => number),
    [1, 2],
  );
});

test('after a restart what was left with the server is sent again, and what has no answer is asked again', () => {
  const { line, wires, connected, back, pass } = setUp();
  wires[0].news.onOpen();
  line.keep('x', [1, 2], [3, 4]);
  line.ask({ k: 1 }, 'en');
  line.ask({ k: 2 }, 'en');
  wires[0].news.onClose(1006);
  line.ask({ k: 3 }, 'en');
  pass(200);
  assert.equal(wires.length, 2);
  wires[1].news.onOpen();
  assert.deepEqual(wires[1].messages[0], { line: 0, keep: 'x', shape: [1, 2] });
  assert.deepEqual(asks(wires[1]), [3]);
  wires[1].news.onClose(1006);
  pass(200);
  wires[2].news.onOpen();
  assert.deepEqual(asks(wires[2]), [3]);
  wires[2].answer({ line: 0, number: 3, last: true });
  wires[2].news.onClose(1006);
  pass(200);
  wires[3].news.onOpen();
  assert.deepEqual(asks(wires[3]), []); // it has its answer
  assert.deepEqual(connected, [true, false, true, false, true, false, true]);
  assert.deepEqual(back, [200, 400, 600]); // each later connection is told
});

test('a server that is not there is tried ever more seldom, and at once after a sleep', () => {
  const { channel, wires, pass } = setUp();
  for (const wait of [200, 400, 800, 1600, 3200, 6400, 8000, 8000]) {
    const before = wires.length;
    wires[before - 1].news.onClose(1006);
    pass(wait - 1);
    assert.equal(wires.length, before);
    pass(1);
    assert.equal(wires.length, before + 1);
  }
  wires[wires.length - 1].news.onClose(1006);
  const before = wires.length;
  channel.wake();
  assert.equal(wires.length, before + 1);
  channel.wake(); // it is about to connect
  assert.equal(wires.length, before + 1);
});

test('a socket that does not answer is given up, and a question goes over the next one', () => {
  const { line, wires, pass } = setUp();
  wires[0].news.onOpen();
  line.ask({ k: 1 }, 'en');
  pass(14_999);
  assert.equal(wires.length, 1);
  pass(1);
  assert.equal(wires.length, 2);
  wires[0].news.onClose(1006); // of the old one: heard too late
  wires[1].news.onOpen();
  assert.deepEqual(asks(wires[1]), [1]);
});

test('two drawings have lines of their own, and a line that is free is used again', () => {
  const { channel, line, wires } = setUp();
  const other = channel.line('fit', { answer: () => {} });
  wires[0].news.onOpen();
  other.ask({ k: 5 }, 'en');
  line.ask({ k: 6 }, 'en');
  assert.deepEqual(asks(wires[0]), [5, 6]);
  line.end();
  assert.deepEqual(wires[0].messages.at(-1), { line: 0, leave: true });
  assert.equal(channel.line('fit', { answer: () => {} }).number, 0);
});

test('a command is sent once: one that has no answer when the connection ends is told as unknown', () => {
  const { line, wires, obeyed, pass } = setUp();
  assert.equal(line.command('pause', 'shown', null, 'en'), false, 'not before there is a connection');
  wires[0].news.onOpen();
  assert.deepEqual(commands(wires[0]), []);
  assert.equal(line.command('pause', 'shown', null, 'en'), true);
  assert.equal(line.command('batch', 'shown', null, 'en'), false, 'one at a time');
  wires[0].answer({ line: 0, obeyed: 1, refusal: '' });
  wires[0].answer({ line: 0, obeyed: 1, refusal: '' }); // an answer counts once
  line.command('batch', 'shown', null, 'en');
  wires[0].answer({ line: 0, obeyed: 2, refusal: 'no' });
  line.command('learning_rate', 'shown', 0.5, 'en');
  assert.deepEqual(obeyed, ['', 'no']);
  wires[0].news.onClose(1006);
  assert.deepEqual(obeyed, ['', 'no', null]);
  assert.equal(line.command('stop', 'shown', null, 'en'), false, 'nothing waits for a connection');
  pass(200);
  wires[1].news.onOpen();
  assert.deepEqual(commands(wires[1]), []);
  line.command('stop', 'shown', null, 'en');
  assert.deepEqual(
    [...commands(wires[0]), ...commands(wires[1])],
    [
      ['pause', 1],
      ['batch', 2],
      ['learning_rate', 3],
      ['stop', 4],
    ],
  );
});

test('a server that does not answer a command is given up, and the command is not sent to the next one', () => {
  const { line, wires, obeyed, pass } = setUp();
  wires[0].news.onOpen();
  line.command('pause', 'shown', null, 'en');
  pass(14_999);
  assert.equal(wires.length, 1);
  pass(1);
  assert.equal(wires.length, 2);
  wires[1].news.onOpen();
  pass(60_000);
  assert.deepEqual([obeyed, commands(wires[1])], [[null], []]);
});

test('a command and a question of one drawing do not wait for each other', () => {
  const { line, wires, answers } = setUp();
  wires[0].news.onOpen();
  line.ask({ k: 1 }, 'en');
  line.command('pause', 'shown', null, 'en');
  line.ask({ k: 2 }, 'en');
  wires[0].answer({ line: 0, obeyed: 1, refusal: '' });
  assert.deepEqual(asks(wires[0]), [1]);
  wires[0].answer({ line: 0, number: 1, last: true });
  assert.deepEqual([asks(wires[0]), answers.length], [[1, 2], 1]);
});
