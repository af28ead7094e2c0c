// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connect, connectInLane, ends, entry, exit } from '../../static/js/network/connection.js';
import { Flow } from '../../static/js/network/flow.js';
import { cellRect, inside, windowOf } from '../../static/js/network/receptive_field.js';

const BOX = { x: 10, y: 20, width: 30, height: 40 };

/** A path that notes what is drawn. */
function pathOf() {
  /** @type {(string | number)[][]} */
  const calls = [];
  const note =
    (/** @type {string} */ name) =>
    (/** @type {number[]} */ ...numbers) => {
      calls.push([name, ...numbers]);
    };
  const path = { moveTo: note('move'), lineTo: note('line'), bezierCurveTo: note('curve'), arcTo: note('arc') };
  return { calls, path };
}

test('a line leaves a box at its end and comes in at its beginning, in the way of the layers', () => {
  assert.deepEqual(exit(BOX, false), { x: 40, y: 40 });
  assert.deepEqual(entry(BOX, false), { x: 10, y: 40 });
  assert.deepEqual(exit(BOX, true), { x: 25, y: 60 });
  assert.deepEqual(entry(BOX, true), { x: 25, y: 20 });
  const { calls, path } = pathOf();
  connect(path, { x: 0, y: 0 }, { x: 8, y: 4 }, false);
  connect(path, { x: 0, y: 0 }, { x: 8, y: 4 }, true, false);
  assert.deepEqual(calls, [
    ['move', 0, 0],
    ['curve', 4, 0, 4, 4, 8, 4],
    ['curve', 0, 2, 8, 2, 8, 4],
  ]);
});

test('a band leaves a layer between its first and its last box', () => {
  const { first, last } = ends([BOX, { ...BOX, y: 100 }], false);
  assert.deepEqual(
    [first.entry, first.exit],
    [
      { x: 10, y: 20 },
      { x: 40, y: 20 },
    ],
  );
  assert.deepEqual(
    [last.entry, last.exit],
    [
      { x: 10, y: 140 },
      { x: 40, y: 140 },
    ],
  );
});

test('a bypass runs in its lane from the middle of one layer to the middle of another, and ends in a tip', () => {
  const wide = pathOf();
  connectInLane(wide.path, BOX, { ...BOX, x: 200 }, 300, false);
  assert.deepEqual(wide.calls.slice(0, 4), [
    ['move', 30, 60],
    ['arc', 30, 300, 210, 300, 5],
    ['arc', 210, 300, 210, 60, 5],
    ['line', 210, 60],
  ]);
  assert.equal(wide.calls.length, 8);
  const narrow = pathOf();
  connectInLane(narrow.path, BOX, { ...BOX, y: 200 }, 300, true);
  assert.deepEqual(narrow.calls.slice(0, 2), [
    ['move', 40, 45],
    ['arc', 300, 45, 300, 215, 5],
  ]);
});

test('a window covers, over a region of its output, what each of its positions covers', () => {
  const window = { kernel_size: [3, 2], stride: [2, 1], padding: [1, 0], dilation: [2, 3] };
  const whole = windowOf(window, { top: 1, left: 2, height: 3, width: 2 });
  const cells = [1, 2, 3].flatMap((row) =>
    [2, 3].map((column) => windowOf(window, cellRect({ columns: 10 }, row * 10 + column))),
  );
  assert.equal(whole.top, Math.min(...cells.map(({ top }) => top)));
  assert.equal(whole.left, Math.min(...cells.map(({ left }) => left)));
  assert.equal(whole.top + whole.height, Math.max(...cells.map(({ top, height }) => top + height)));
  assert.equal(whole.left + whole.width, Math.max(...cells.map(({ left, width }) => left + width)));
  assert.deepEqual(inside({ top: -1, left: 2, height: 3, width: 9 }, { rows: 4, columns: 5 }), {
    top: 0,
    left: 2,
    height: 2,
    width: 3,
  });
});

test('a wave reaches layer after layer and then rests; it takes as long for any number of layers', () => {
  for (const count of [3, 20]) {
    const flow = new Flow();
    assert.ok(flow.rests);
    flow.begin();
    flow.move(800, count);
    assert.ok(Math.abs(flow.at - (-1 + (count + 1) / 2)) < 1e-9, 'half of the time, half of the way');
    flow.move(800, count);
    flow.move(1, count);
    assert.ok(flow.rests);
  }
});

test('it stands at the layer that a walk has reached, and turns around at the end', () => {
  const flow = new Flow();
  flow.reach(2, false, 2, 9);
  assert.deepEqual([flow.at, flow.rests], [2, true], 'from everything there is no way to go');
  flow.reach(4, false, 4, 9);
  flow.move(100, 9);
  assert.ok(flow.at > 2 && flow.at < 4);
  flow.reach(7, true, 7, 9);
  assert.deepEqual([flow.at, flow.isBack, flow.now], [9, true, 7]);
  flow.move(1e6, 9);
  assert.deepEqual([flow.at, flow.rests], [7, true]);
  flow.reach(Infinity, true, null, 9);
  assert.deepEqual([flow.at, flow.rests], [-1, true]);
});
