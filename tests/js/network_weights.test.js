// @ts-check
// Weights in place of values, and what the picture of a walk's network shows at each of its steps.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { available, firstOf, reachedAt, readingAt, stepOf } from '../../static/js/lenet/network_model.js';
import { unpack } from '../../static/js/lib/message.js';
import { edgesOf } from '../../static/js/network/edges.js';
import { layoutOf } from '../../static/js/network/layout.js';
import { lastOf, layerAt, readingOf } from '../../static/js/network/model.js';
import { originOf } from '../../static/js/network/origin.js';
import { sentenceOf } from '../../static/js/network/place_text.js';
import { weightAt, weightsOf } from '../../static/js/network/weights.js';
import { fixtures } from './fixtures.js';

const readings = fixtures.readings.map(({ name, bytes }) => {
  /** @type {{ header: import('../../static/js/network/payload.js').ReadingHeader, floats: Float32Array }} */
  const { header, floats } = unpack(new Uint8Array(Buffer.from(bytes, 'base64')));
  return { name, header, reading: readingOf(header, floats, null) };
});
/** @typedef {import('../../static/js/network/payload.js').PictureWords} PictureWords */

const words = new Proxy(/** @type {PictureWords} */ ({}), {
  get: (_, name) => `${String(name)} {layer} {item} {source} {row} {column}`,
});

/** @param {import('../../static/js/network/payload.js').ReadingHeader} header @param {import('../../static/js/network/model.js').Reading} reading */
const weightsIn = (header, reading) =>
  reading.layers.map(({ weight }, n) => (weight ? { shape: header.layers[n].weight, values: weight } : null));

test('each weight stands in one cell, in the tile of the map that it is for', () => {
  let checked = 0;
  for (const { header, reading } of readings) {
    const weights = weightsOf(reading, weightsIn(header, reading));
    for (const [n, layer] of weights.layers.entries()) {
      const place = weights.places?.[n] ?? -1;
      const [, into, height = 1, width = 1] = header.layers[place].weight;
      const from = layerAt(reading, reading.layers[place].inputs[0]);
      const weight = reading.layers[place].weight ?? new Float32Array();
      const [all, cells] = [weight.length / layer.count, layer.rows * layer.columns];
      let count = 0;
      for (let cell = 0; cell < cells; cell += 1) {
        const at = weightAt(layer, cell);
        for (const item of [0, layer.count - 1]) {
          const value = layer.values[item * cells + cell];
          if (!at) {
            assert.equal(value, 0, 'between two tiles there is nothing');
            continue;
          }
          const { rows = 1, columns = 1 } = layer.tiles ?? {};
          const flat = (at.source * rows + at.row) * columns + at.column;
          assert.equal(value, weight[item * all + flat]);
          count += item === 0 ? 1 : 0;
        }
      }
      assert.equal(count, all, 'every weight is there once');
      if (height * width > 1) assert.deepEqual([layer.tiles?.rows, layer.tiles?.columns], [height, width]);
      else if (from.rows > 1 && into === from.count * from.rows * from.columns)
        assert.deepEqual([layer.tiles?.rows, layer.tiles?.columns], [from.rows, from.columns]);
      checked += 1;
    }
  }
  assert.ok(checked >= 10, String(checked));
});

test('layers with weights read what is next before them, shortcuts too, and all fit on the screen', () => {
  for (const { header, reading } of readings) {
    const weights = weightsOf(reading, weightsIn(header, reading));
    assert.ok(weights.layers.length && weights.layers.length < reading.layers.length);
    assert.equal(lastOf(weights), weights.layers.length);
    for (let place = 0; place <= weights.layers.length; place += 1) {
      const { inputs } = layerAt(weights, place);
      assert.ok(inputs.length > 0 && inputs.every((source) => source >= -1 && source < place));
      assert.ok(edgesOf(weights, place).length > 0);
    }
    const all = Array.from({ length: lastOf(weights) + 2 }, (_, n) => layerAt(weights, n - 1));
    for (const [width, height] of [
      [820, 420],
      [358, 460],
    ])
      for (const { boxes } of layoutOf(all, width, height).placed)
        for (const box of boxes) assert.ok(box.x + box.width <= width + 0.5 && box.y + box.height <= height + 0.5);
    const place = { layer: 0, item: 0, cell: 0 };
    assert.deepEqual(originOf(weights, place).parts, [], 'a weight is made of nothing');
    assert.match(sentenceOf(weights, place, words), /^weight_(map|unit) .* 1 1.*: [−\d.e-]+\.$/);
    assert.match(sentenceOf({ ...weights, gradients: true }, place, words), /^weight_gradient_/);
  }
});

test('names beside the layers leave most of the room to their maps', () => {
  const { reading } = readings[0];
  const all = Array.from({ length: lastOf(reading) + 2 }, (_, n) => layerAt(reading, n - 1));
  for (const [width, height] of [
    [496, 301],
    [390, 330],
    [358, 480],
  ]) {
    const sides = layoutOf(all, width, height).placed.map(({ boxes }) => boxes[0].height);
    assert.ok(Math.min(...sides.slice(0, 5)) >= 6, `${width}×${height} ${sides}`);
  }
});

const facts = (/** @type {Partial<import('../../static/js/network/payload.js').LayerFacts>} */ more) => ({
  ...{ operations: ['relu'], name: '', inputs: [-1], shape: [2], window: null, weight: [], bias: false, call: 0 },
  ...more,
});
const none = { weight: null, weight_grad: null, bias: null };
/** @type {import('../../static/js/lenet/payload.js').NetworkData} */
const data = {
  ...{ image: [3], input: 0, output: 'softmax', probabilities: [0.25, 0.75] },
  layers: [
    facts({ operations: ['linear'], name: 'fc', weight: [2, 3], bias: true }),
    facts({ inputs: [0] }),
    facts({ inputs: [1] }),
  ],
  tensors: [
    { value: 1, grad: 2, weight: 3, weight_grad: 4, bias: 5, forward: 1, backward: 9 },
    { value: 6, grad: 7, ...none, forward: 2, backward: 8 },
    { value: 8, grad: null, ...none, forward: 4, backward: null },
  ],
};
// A batch of two: of each value the first entry is shown.
const numbers = [
  [1, 2, 3, 90, 91, 92],
  ...[
    [1, 2, 91, 92],
    [-1, -2, 93, 94],
    [1, 2, 3, 4, 5, 6],
    [6, 5, 4, 3, 2, 1],
    [7, 8],
  ],
  ...[[0, 2, 95, 96], [-3, -4, 97, 98], [5]],
];
const walk = {
  title: 'step',
  shapes: [[2, 3], [2, 2], [2, 2], [2, 3], [2, 3], [2], [2, 2], [2, 2], [2, 2]],
  values: (/** @type {number} */ tensor) => Float32Array.from(numbers[tensor]),
  probabilities: [0.25, 0.75],
};

test('the picture of a walk shows values, gradients, weights and their gradients', () => {
  const values = readingAt(data, 'values', walk);
  assert.deepEqual(
    [...values.image.values, ...values.layers[0].values, ...values.layers[1].values],
    [1, 2, 3, 1, 2, 0, 2],
  );
  assert.deepEqual([...(values.layers[0].weight ?? [])], [1, 2, 3, 4, 5, 6]);
  assert.deepEqual([...(values.layers[0].bias ?? [])], [7, 8]);
  assert.equal(values.header.digit, 1);
  assert.deepEqual([...values.layers[2].values], [5, NaN], 'what was not sent is no number');
  const gradients = readingAt(data, 'gradients', walk);
  assert.deepEqual([...gradients.layers[0].values, ...gradients.layers[1].values], [-1, -2, -3, -4]);
  assert.deepEqual([...gradients.layers[2].values], [0, 0], 'no gradient arrived');
  assert.ok(gradients.gradients && !gradients.layers[0].weight);
  assert.deepEqual([...readingAt(data, 'weights', walk).layers[0].values].slice(0, 3), [1, 2, 3]);
  const turned = readingAt(data, 'weight_gradients', walk);
  assert.deepEqual([...turned.layers[0].values].slice(0, 3), [6, 5, 4]);
  assert.ok(turned.gradients);
  const cut = { ...walk, values: (/** @type {number} */ n) => walk.values(n).subarray(0, n === 3 ? 4 : 9) };
  assert.deepEqual(
    readingAt(
      { ...data, layers: data.layers.map((layer) => ({ ...layer, weight: [], bias: false })) },
      'weights',
      cut,
    ).layers,
    [],
  );
});

test('the picture follows the walk: forwards up to the step, backwards down to it', () => {
  const at = (
    /** @type {import('../../static/js/lenet/network_model.js').Shows} */ shows,
    /** @type {number} */ step,
    /** @type {string} */ phase,
    peek = false,
  ) => reachedAt(data, shows, step, phase, peek);
  assert.deepEqual(at('values', 0, 'zero_grad'), { to: -1, back: false, now: null });
  assert.deepEqual(at('values', 2, 'forward'), { to: 1, back: false, now: 1 });
  assert.deepEqual(at('values', 3, 'forward'), { to: 1, back: false, now: null }); // a view is no layer
  assert.deepEqual(at('values', 5, 'loss'), { to: Infinity, back: false, now: null });
  assert.deepEqual(at('gradients', 6, 'backward'), { to: 4, back: true, now: null });
  assert.deepEqual(at('gradients', 8, 'backward'), { to: 1, back: true, now: 1 });
  assert.deepEqual(at('gradients', 9, 'backward'), { to: 0, back: true, now: 0 });
  assert.deepEqual(at('gradients', 2, 'forward'), { to: 4, back: true, now: null });
  assert.equal(at('gradients', 2, 'forward', true).to, Infinity);
  assert.equal(at('weights', 2, 'forward').to, Infinity);
  assert.deepEqual(['zero_grad', 'forward', 'backward', 'step', 'after'].map(firstOf), [
    ...['weights', 'values', 'gradients', 'weight_gradients', 'values'],
  ]);
  assert.deepEqual([stepOf(data.tensors[0], 'values'), stepOf(data.tensors[0], 'gradients')], [1, 9]);
  assert.equal(stepOf(data.tensors[2], 'gradients'), 4);
  assert.deepEqual(available(data), { values: true, gradients: true, weights: true, weight_gradients: true });
});
