// @ts-check
// Where the sliding window stands, and what that lights, for every scene that Python wrote.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { meetings } from '../../static/js/convolution/geometry.js';
import { Sliding } from '../../static/js/convolution/sliding.js';
import { uses } from '../../static/js/convolution/sum.js';
import { brief } from '../../static/js/lib/numbers.js';
import { fixtures } from './fixtures.js';

/** @typedef {import('../../static/js/convolution/payload.js').WindowData} WindowData */

/** @type {WindowData['labels']} */
const labels = {
  channel: '',
  output_cell: '',
  bias: '',
  all_channels: '',
  agrees: '',
  differs: '',
  thrown: '',
  input_used: '',
  weight_used: '',
  play: '',
  pause: '',
  hint_play: '',
  hint_play_touch: '',
  hint_pin: '',
  hint_pin_touch: '',
  instructions: '',
  input: [],
  kernel: [],
  output: [],
};
const scenes = fixtures.scenes.map(({ data }) => ({ ...data, labels, pin: null }));
const ofKind = (/** @type {string} */ kind) => {
  const scene = scenes.find((data) => data.kind === kind && data.out[0] * data.out[1] > 1);
  if (!scene) throw new Error(`no ${kind}`);
  return scene;
};

test('it plays through the outputs row by row and begins again', () => {
  const sliding = new Sliding(ofKind('conv'), 'play');
  const [rows, columns] = sliding.data.out;
  const positions = [];
  for (let n = 0; n < rows * columns; n += 1) {
    positions.push(sliding.focus.cell);
    sliding.step();
  }
  assert.deepEqual(
    positions,
    positions.map((_, n) => [Math.floor(n / columns), n % columns]),
  );
  assert.deepEqual(sliding.focus, { grid: 'output', cell: [0, 0], channel: 0 });
  assert.deepEqual(sliding.previous, [rows - 1, columns - 1]);
});

test('the frame slides from where the window was to where it is', () => {
  const sliding = new Sliding(ofKind('conv'), 'play');
  const from = sliding.frame(1);
  sliding.step();
  assert.deepEqual(sliding.frame(0), from);
  assert.deepEqual(sliding.frame(1), sliding.frameOf(sliding.focus.cell));
  sliding.turn('pin'); // nothing slides any more
  assert.deepEqual(sliding.frame(0), sliding.frame(1));
  assert.equal(new Sliding(ofKind('transposed'), 'play').frame(1), null);
});

test('an output lights what it is made of, and an input cell the outputs that it goes into', () => {
  for (const data of scenes) {
    const sliding = new Sliding(data, 'pin');
    const met = meetings(data, 0, 0);
    assert.deepEqual([sliding.met, sliding.outputs.length], [met, met.length ? 1 : 0]);
    const cell = met.find(({ inside }) => inside);
    if (!cell) continue;
    assert.ok(sliding.look({ grid: 'input', cell: [cell.a, cell.b], channel: 0 }));
    assert.ok(sliding.outputs.some(([i, j]) => i === 0 && j === 0));
    assert.ok(sliding.weights.some(([u, v]) => u === cell.u && v === cell.v));
    assert.deepEqual(
      [sliding.result, sliding.own('input', 0), sliding.own('weight', 0)],
      [null, [[cell.a, cell.b]], []],
    );
  }
});

test('the largest number of a window has a star, and its cell is the winner', () => {
  const sliding = new Sliding(ofKind('max'), 'pin');
  const { winner, result } = sliding;
  const terms = result?.channels[0].terms ?? [];
  const won = terms.find(({ a, b }) => winner?.[0] === a && winner[1] === b);
  assert.equal(won?.x, result?.torch);
  assert.deepEqual(
    terms.filter((term) => sliding.note(term)[2].startsWith('★')),
    [won],
  );
});

test('what is looked at already is not shown again, unless it is pinned', () => {
  const sliding = new Sliding(ofKind('avg'), 'hover');
  assert.ok(!sliding.look({ grid: 'output', cell: [0, 0], channel: 0 }));
  sliding.turn('pin');
  assert.ok(sliding.look({ grid: 'output', cell: [0, 0], channel: 0 }));
});

test('playing on begins at an output, wherever the pointer was', () => {
  const sliding = new Sliding(ofKind('conv'), 'hover');
  sliding.look({ grid: 'weight', cell: [0, 0], channel: 0 });
  sliding.turn('play');
  assert.deepEqual(sliding.focus, { grid: 'output', cell: [0, 0], channel: 0 });
  assert.notEqual(sliding.result, null);
});

test('keys lead to every cell that a pointer can point at: through the output, the inputs and the kernels', () => {
  for (const data of scenes) {
    const sliding = new Sliding(data, 'pin');
    if (sliding.apart) continue;
    const grids = 1 + data.x.length + (data.w?.length ?? 0);
    const names = [];
    for (let n = 0; n < grids; n += 1) {
      names.push(`${sliding.focus.grid} ${sliding.focus.channel}`);
      const { grid } = sliding.focus;
      const [rows, columns] = { output: data.out, input: data.size, weight: data.kernel }[grid];
      for (let row = 1; row < rows; row += 1) sliding.look(sliding.led('ArrowDown') ?? sliding.focus);
      for (let column = 1; column < columns; column += 1) sliding.look(sliding.led('ArrowRight') ?? sliding.focus);
      assert.deepEqual(sliding.focus.cell, [rows - 1, columns - 1]);
      sliding.look(sliding.beside(1));
    }
    assert.deepEqual([new Set(names).size, sliding.focus.grid], [grids, 'output']);
    assert.equal(sliding.beside(-1).grid, data.w ? 'weight' : 'input');
  }
});

test('the padding beside a row is no cell of the next row', () => {
  const data = ofKind('conv');
  const labels = { output_cell: '', bias: '', input_used: '{value}', weight_used: '{value}', channel: '{c}' };
  const of = (/** @type {number[]} */ cell) =>
    uses({ ...data, labels }, { grid: 'input', cell, channel: 0 }, [])
      .split(' ')
      .at(-1);
  assert.deepEqual([of([0, -1]), of([1, -1]), of([0, data.size[1]])], ['0', '0', '0']);
  assert.equal(of([0, 0]), brief(data.x[0][0]));
});

test('arrow keys lead from output to output, and other keys nowhere', () => {
  const sliding = new Sliding(ofKind('conv'), 'pin');
  const led = sliding.led('ArrowRight')?.cell;
  assert.deepEqual(led, sliding.data.out[1] > 1 ? [0, 1] : [1, 0]);
  assert.equal(sliding.led('x'), null);
});

test('a pin stands, and in a smaller output the window stays inside; the product under the pointer is forgotten', () => {
  const large = ofKind('conv');
  const corner = large.out.map((side) => side - 1);
  const sliding = new Sliding({ ...large, pin: corner }, 'play');
  assert.deepEqual([sliding.mode, sliding.focus.cell], ['pin', corner]);
  sliding.term = sliding.result?.channels[0].terms[0] ?? null;
  sliding.take({ ...large, out: [1, 1] });
  assert.deepEqual([sliding.focus.cell, sliding.term], [[0, 0], null]);
});

test('where nothing can come out nothing meets', () => {
  const sliding = new Sliding({ ...ofKind('conv'), out: [0, 0], y: [] }, 'play');
  assert.deepEqual([sliding.apart, sliding.met, sliding.result], [true, [], null]);
});
