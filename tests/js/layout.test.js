// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shownRange, zoomOf } from '../../static/js/charts/zoom.js';
import { cellsOf } from '../../static/js/convolution/layout.js';
import { moveByKey, nextOf, paceOf, pause } from '../../static/js/convolution/play.js';
import { phaseStart } from '../../static/js/lenet/phases.js';
import { boundOf, boundsOf, GAP, layoutOf, mapsOf, TensorLayout } from '../../static/js/lenet/tensor_layout.js';
import { decade, lossRange, NONE, niceTicks, powers, widenEnds } from '../../static/js/lib/axes.js';
import { lossAt, newTraining, perSecond, take, weightRange } from '../../static/js/linear_fit/model.js';
import { matrices, newLosses, powerRange, side, take as takeLosses } from '../../static/js/two_layers/model.js';
import { fixtures } from './fixtures.js';

test('maps hold every cell of a shape, and a matrix keeps its rows', () => {
  for (const { shape } of fixtures.shapes) {
    const { count, rows, columns, size } = mapsOf(shape);
    const cells = shape.reduce((/** @type {number} */ a, /** @type {number} */ b) => a * b, 1);
    assert.equal(count * size, cells, String(shape));
    assert.ok(rows * columns >= size, String(shape));
    if (shape.length >= 2 && shape[0] > 1) assert.deepEqual([rows, columns], shape.slice(-2));
  }
});

test('a layout has room for every map, none wider than there is room for', () => {
  for (const { shape } of fixtures.shapes) {
    for (const [width, height] of [
      [40, 40],
      [320, 260],
      [900, 130],
    ]) {
      const maps = mapsOf(shape);
      const { cell, across, down } = layoutOf(maps, width, height);
      assert.ok(across * down >= maps.count);
      assert.ok(across * (maps.columns * cell + GAP) - GAP <= width + 1e-9, `${shape} in ${width}`);
      assert.ok(cell > 0 && cell <= 26);
    }
  }
});

const ROOM = { width: 320, height: 260, most: 26, only: null };

test('the cell at the middle of a box is the cell of that box, and none lies between two maps', () => {
  for (const { shape } of fixtures.shapes) {
    const length = shape.reduce((/** @type {number} */ a, /** @type {number} */ b) => a * b, 1);
    const layout = new TensorLayout(shape, length, ROOM);
    for (let flat = 0; flat < length; flat += 1) {
      const [x, y] = layout.boxOf(flat) ?? [NaN, NaN];
      assert.equal(layout.cellAt(x + layout.cell / 2, y + layout.cell / 2), flat, String(shape));
    }
    assert.equal(layout.cellAt(layout.mapWidth + GAP / 2, 0), null);
    assert.equal(layout.cellAt(0, layout.mapHeight + GAP / 2), null);
  }
});

test('only the maps that are drawn have places, and only numbers that are there are cells', () => {
  const layout = new TensorLayout([3, 2, 2], 11, { ...ROOM, only: [2] });
  assert.deepEqual([layout.boxOf(7), layout.boxOf(8)], [null, [0, 0]]);
  assert.deepEqual([layout.cellAt(1, 1), layout.cellAt(layout.cell + 1, layout.cell + 1)], [8, null]); // 11 is cut off
  assert.deepEqual(
    ['ArrowUp', 'ArrowRight', 'ArrowDown', 'x'].map((key) => layout.moved(8, key)),
    [8, 9, 10, 8],
  );
});

test('the line around lit cells leaves out the edges between them', () => {
  const layout = new TensorLayout([2, 3], 6, ROOM);
  const { cell } = layout;
  assert.equal(layout.contourOf([0]).length, 4);
  assert.deepEqual(layout.contourOf([1, 4]), [
    [cell, 0, 2 * cell, 0],
    [cell, 0, cell, cell],
    [2 * cell, 0, 2 * cell, cell],
    [cell, 2 * cell, 2 * cell, 2 * cell],
    [cell, cell, cell, 2 * cell],
    [2 * cell, cell, 2 * cell, 2 * cell],
  ]);
  assert.equal(layout.contourOf([2, 3]).length, 8); // neighbours in the list, at the two ends of the rows
});

test('each map has a scale of its own, or all have the common one', () => {
  const layout = new TensorLayout([2, 1, 2], 4, ROOM);
  assert.deepEqual(
    [...boundsOf([1, -3, 0, 0.5], layout, null)],
    [
      [0, 3],
      [1, 0.5],
    ],
  );
  assert.deepEqual(
    [...boundsOf([1, -3, 0, 0.5], layout, 7)],
    [
      [0, 7],
      [1, 7],
    ],
  );
});

test('the bound of a scale is the largest finite size, and 1 where all are 0', () => {
  assert.equal(boundOf([1, -3, Infinity, 2], 0, 4), 3);
  assert.equal(boundOf([1, -3, 2], 2, 3), 2);
  assert.equal(boundOf([0, 0, Number.NaN], 0, 3), 1);
});

test('ticks are round, ascending and within the axis', () => {
  for (const x of fixtures.floats) {
    const [low, high] = [Math.min(x, x * 3) - 0.1, Math.max(x, x * 3) + 0.1];
    const ticks = niceTicks(low, high);
    assert.ok(ticks.length >= 2 && ticks.length <= 7, `${ticks}`);
    const step = ticks[1] - ticks[0];
    const lead = step / 10 ** Math.floor(Math.log10(step) + 1e-9);
    assert.ok(
      [1, 2, 5, 10].some((round) => Math.abs(lead - round) < 1e-6),
      `${step}`,
    );
    assert.ok(ticks[0] >= low && (ticks.at(-1) ?? 0) <= high + step / 1e6);
  }
});

test('the axes hold the targets and every loss, finite or not', () => {
  const [low, high] = weightRange([-1, 1e9], [1, -2]);
  assert.ok(low < -2 && high > 1 && high <= 16);
  const losses = widenEnds(NONE, Float32Array.of(1e-3, Infinity, Number.NaN, 10), decade);
  assert.deepEqual(lossRange([-5, -5], NONE), [-6, -4]);
  const [from, to] = lossRange(losses, [-5, -5]);
  assert.ok(from < -5 && to >= decade(Infinity));
  assert.deepEqual(powers(-5.2, 1.1), [-5, -3, -1, 1]);
});

const header = {
  ...{ fit: 'a', first: 0, count: 2, total: 3, diverged: false, samples: 3, more: false, lr: '1', plain: true },
  ...{ target: [], surface: null, why: '', limit: '', reasons: [], end: '' },
};

test('the messages of a training are put together in their order, also when they come again', () => {
  const training = newTraining(header);
  const floats = Float32Array.from({ length: 6 + 12 + 12 + 2 + 6 + 4 }, (_, i) => i);
  const surface = { across: 0, upward: 2, low: [0, 0], high: [1, 2], points: 2 };
  const ground = take(training, { ...header, surface }, floats);
  assert.deepEqual([...(ground?.losses ?? [])], [38, 39, 40, 41]);
  assert.equal(training.have, 2);
  const last = { ...header, first: 2, count: 1 };
  const more = Float32Array.from({ length: 6 + 6 + 1 + 3 }, (_, i) => 100 + i);
  assert.equal(take(training, last, more), null);
  assert.equal(training.have, 3);
  assert.deepEqual([...training.weights], [...floats.subarray(0, 18), ...more.subarray(0, 6)]);
  assert.deepEqual([...training.gradients], [...floats.subarray(18, 30), ...more.subarray(6, 12)]);
  assert.deepEqual([...training.losses], [30, 31, 112]);
  assert.deepEqual([...training.batches], [...floats.subarray(32, 38), ...more.subarray(13, 16)]);
  assert.deepEqual(training.weightEnds, [0, 105]);
  assert.deepEqual(training.lossEnds, [30, 112].map(decade));
  take(training, header, floats.subarray(0, 38));
  assert.equal(training.have, 3);
});

test('the loss between the points of a surface is between their losses, and outside there is none', () => {
  const ground = {
    facts: { across: 0, upward: 1, low: [0, 10], high: [2, 12], points: 3 },
    losses: Float32Array.from([0, 1, 2, 10, 11, 12, 20, 21, 22]),
  };
  assert.equal(lossAt(ground, 0, 10), 0);
  assert.equal(lossAt(ground, 2, 12), 22);
  assert.equal(lossAt(ground, 0.5, 11.5), 15.5);
  assert.ok(Number.isNaN(lossAt(ground, -0.1, 11)) && Number.isNaN(lossAt(ground, 1, 12.1)));
});

test('a training is played in six seconds, or at one of two paces', () => {
  assert.deepEqual([perSecond(0, 5000), perSecond(1, 5000), perSecond(2, 5000)], [5000 / 6, 50, 2]);
  assert.equal(perSecond(0, 3), 1);
});

test('a zoom is what Plotly reports, until the whole axis is asked for', () => {
  assert.deepEqual(zoomOf({ 'xaxis.range[0]': 1, 'xaxis.range[1]': 3 }, null), [1, 3]);
  assert.deepEqual(zoomOf({ 'xaxis.range': [2, 4], 'yaxis.autorange': true }, [1, 3]), [2, 4]);
  assert.deepEqual(zoomOf({ 'yaxis.range[0]': 0 }, [1, 3]), [1, 3]);
  assert.equal(zoomOf({ 'xaxis.autorange': true }, [1, 3]), null);
  assert.deepEqual(shownRange(null, { xaxis: { range: [0, 9] } }), [0, 9]);
  assert.deepEqual(shownRange([1, 3], { xaxis: { range: [0, 9] } }), [1, 3]);
  assert.equal(shownRange(null, undefined), null);
});

test('between two outputs the window waits for a frame, and while it stands for its pace', () => {
  const times = { now: 1000, moved: 900, used: Number.NEGATIVE_INFINITY, pace: 500, sliding: true };
  assert.equal(pause(times), 0);
  assert.equal(pause({ ...times, sliding: false }), 400);
  assert.equal(pause({ ...times, sliding: false, now: 1400 }), 0);
  assert.equal(pause({ ...times, used: 900 }), 700);
});

test('a large layer goes faster, and every output has its turn', () => {
  assert.deepEqual([paceOf(1), paceOf(100), paceOf(10_000)], [900, 400, 120]);
  const cells = new Set();
  let cell = [0, 0];
  for (let n = 0; n < 12; n += 1) {
    cells.add(String(cell));
    cell = nextOf(cell, [3, 4]);
  }
  assert.equal(cells.size, 12);
  assert.deepEqual(cell, [0, 0]);
});

test('arrow keys lead through the outputs as one reads, and stop at both ends', () => {
  const out = [2, 3];
  assert.deepEqual(moveByKey([0, 2], 'ArrowRight', out), [1, 0]);
  assert.deepEqual(moveByKey([1, 0], 'ArrowLeft', out), [0, 2]);
  assert.deepEqual(moveByKey([1, 2], 'ArrowRight', out), [1, 2]);
  assert.deepEqual(moveByKey([0, 1], 'ArrowUp', out), [0, 1]);
  assert.deepEqual(moveByKey([0, 1], 'ArrowDown', out), [1, 1]);
  assert.equal(moveByKey([0, 0], 'Enter', out), null);
});

test('the three grids fit beside each other on a screen, and the input on a phone', () => {
  for (const { data } of fixtures.scenes) {
    const columns = data.size[1] + data.before[1] + data.after[1];
    const wide = cellsOf(data, 1100, false);
    assert.ok(columns * wide.input + data.kernel[1] * wide.kernel + data.out[1] * wide.output <= 1100);
    assert.ok(columns * cellsOf(data, 360, false).input <= 360);
    const apart = cellsOf(data, 700, true);
    assert.equal(apart.kernel, apart.input);
    assert.equal(wide.rowHeight > 0, data.x.length > 1);
  }
});

test('Page Down and Page Up lead to the first step of a phase', () => {
  const steps = ['a', 'b', 'b', 'b', 'c'].map((phase) => ({ phase }));
  assert.deepEqual(
    [0, 1, 2, 4].map((at) => phaseStart(steps, at, 1)),
    [1, 4, 4, 4],
  );
  assert.deepEqual(
    [0, 2, 3, 4].map((at) => phaseStart(steps, at, -1)),
    [0, 0, 0, 1],
  );
});

test('the losses of four programs are put together in their order, and their axis holds all that are numbers', () => {
  const losses = newLosses('a', 3, 2);
  takeLosses(losses, { first: 0, count: 2 }, Float32Array.from([100, 10, 1000, 1]));
  takeLosses(losses, { first: 2, count: 1 }, Float32Array.from([Number.POSITIVE_INFINITY, 0.1]));
  assert.deepEqual(losses.have, 3);
  assert.deepEqual([...losses.programs[0]], [100, 10, Number.POSITIVE_INFINITY]);
  assert.deepEqual(powerRange(losses).map(Math.round), [-1, 3]);
  assert.deepEqual(powerRange(newLosses('b', 3, 2)), [-1, 1]);
});

test('the matrices fit together, and a larger one is drawn larger', () => {
  const sizes = matrices({ N: 2, D_in: 3, H: 4, D_out: 5 });
  const [x, w1, h, w2, y] = sizes.map(({ rows, columns }) => [rows, columns]);
  assert.deepEqual([x[0], w1[1], x[1]], [...h, w1[0]]);
  assert.deepEqual([h[0], w2[1], h[1]], [...y, w2[0]]);
  assert.ok(side(1, 80) >= 8 && side(10, 80) > side(1, 80) && side(4000, 80) === 80);
});
