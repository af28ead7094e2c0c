// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { along, index, meetings } from '../../static/js/convolution/geometry.js';
import { join } from '../../static/js/convolution/scene.js';
import { agrees, arithmetic, sumSentence, uses } from '../../static/js/convolution/sum.js';
import { unpack } from '../../static/js/lib/message.js';
import { fixtures } from './fixtures.js';

const { scenes } = fixtures;
const labels = {
  channel: 'channel {c}',
  output_cell: 'row {i}, column {j}',
  input_used: '{value} in {n}',
  weight_used: '{value} for {n}',
  bias: 'bias',
};

test('there are scenes of every kind', () => {
  const kinds = new Set(scenes.map(({ data }) => data.kind));
  assert.deepEqual([...kinds].sort(), ['adaptive', 'avg', 'conv', 'max', 'transposed']);
});

test('header and arrays of a message become the drawing again', () => {
  for (const { data, message } of scenes) {
    /** @type {{ header: { drawing: import('../../static/js/convolution/payload.js').DrawingHeader }, floats: Float32Array }} */
    const { header, floats } = unpack(new Uint8Array(Buffer.from(message, 'base64')));
    assert.deepEqual(join(header.drawing, floats), data);
  }
});

test('each output meets the cells that core.windows names, in both dimensions', () => {
  for (const { seed, data, rows, columns } of scenes) {
    for (const [side, all] of [rows, columns].entries()) {
      all.forEach((expected, o) => {
        const met = along(data, /** @type {0 | 1} */ (side), o).map(({ k, at }) => [k, at]);
        assert.deepEqual(met, expected, `seed ${seed}, side ${side}, output ${o}`);
      });
    }
  }
});

test('the other way round there are the same meetings', () => {
  for (const { data } of scenes) {
    const { byInput, byWeight } = index(data);
    let all = 0;
    let inside = 0;
    for (let i = 0; i < data.out[0]; i += 1) {
      for (let j = 0; j < data.out[1]; j += 1) {
        for (const meeting of meetings(data, i, j)) {
          all += 1;
          inside += Number(meeting.inside);
          assert.ok(byInput.get(`${meeting.a},${meeting.b}`)?.some((other) => other.i === i && other.j === j));
        }
      }
    }
    const count = (/** @type {Map<string, unknown[]>} */ map) =>
      [...map.values()].reduce((n, met) => n + met.length, 0);
    assert.deepEqual([count(byInput), count(byWeight)], [all, inside]);
  }
});

test('the sum of each output is what torch returned', () => {
  for (const { seed, data } of scenes) {
    for (let i = 0; i < data.out[0]; i += 1) {
      for (let j = 0; j < data.out[1]; j += 1) {
        const sum = arithmetic(data, meetings(data, i, j), i, j);
        assert.equal(sum.torch, data.y[i * data.out[1] + j] ?? -Infinity);
        assert.equal(sum.result, Math.fround(sum.result));
        assert.ok(agrees(data, sum), `seed ${seed}: ${sum.result} is not torch's ${sum.torch} at ${i}, ${j}`);
      }
    }
  }
});

test('a sum that is wrong by a hundredth does not agree', () => {
  for (const { data } of scenes) {
    const sum = arithmetic(data, meetings(data, 0, 0), 0, 0);
    if (Number.isFinite(sum.torch)) assert.ok(!agrees(data, { ...sum, result: sum.torch + 0.01 }));
  }
});

test('the sum is read aloud with its place and its result, and a cell with its number of outputs', () => {
  for (const { data } of scenes) {
    const described = { ...data, labels };
    const met = meetings(data, 0, 0);
    assert.match(sumSentence(described, arithmetic(described, met, 0, 0)), /^row 0, column 0 .* = [−\d.e∞+]+$/);
    assert.match(
      uses(described, { grid: 'input', cell: [0, 0], channel: 0 }, met),
      new RegExp(` in ${met.length ? 1 : 0}$`),
    );
  }
});
