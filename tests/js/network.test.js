// @ts-check
// The picture of a network: what a value is made of gives torch's number, and everything stands where it can be hit.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unpack } from '../../static/js/lib/message.js';
import { edgesOf, isBand } from '../../static/js/network/edges.js';
import { Follow } from '../../static/js/network/follow.js';
import { bypassesOf, cellIn, centre, hit, layoutOf } from '../../static/js/network/layout.js';
import { layerAt, middleOf, readingOf } from '../../static/js/network/model.js';
import { originOf } from '../../static/js/network/origin.js';
import { moveByKey } from '../../static/js/network/place_keys.js';
import { partsOf, sentenceOf } from '../../static/js/network/place_text.js';
import { fieldOf } from '../../static/js/network/receptive_field.js';
import { flat, length, upTo } from '../../static/js/network/strokes.js';
import { closerOf } from '../../static/js/network/zoom.js';
import { fixtures } from './fixtures.js';

const readings = fixtures.readings.map(({ name, bytes, fields }) => {
  /** @type {{ header: import('../../static/js/network/payload.js').ReadingHeader, floats: Float32Array }} */
  const { header, floats } = unpack(new Uint8Array(Buffer.from(bytes, 'base64')));
  return { name, header, floats, fields, reading: readingOf(header, floats, null) };
});
/** @typedef {import('../../static/js/network/model.js').Reading} Reading */

const layers = (/** @type {Reading} */ reading) =>
  [reading.image, ...reading.layers, reading.answer].filter((layer) => layer !== null);
/** @typedef {import('../../static/js/network/payload.js').PictureWords} PictureWords */

const words = new Proxy(/** @type {PictureWords} */ ({ short: {} }), {
  get: (_, name) => `${String(name)} {count} {cells} {bias} {x} {height}`,
});

const plain = new Proxy(/** @type {PictureWords} */ ({}), {
  get: (_, name) => `${String(name)} ${name === 'more' ? '{count}' : '{item} {x}'}`,
});
const BACK = { width: 155, height: 36 }; // of the button that leads back, in the corner of the closer look

test('every number of the message is used, and the probabilities add up to one', () => {
  assert.deepEqual(
    readings.map(({ name }) => name),
    ['mnist', 'lenet5', 'shipped', 'skip'],
  );
  for (const { header, floats, reading } of readings) {
    const weights = reading.layers.reduce(
      (sum, { weight, bias }) => sum + (weight?.length ?? 0) + (bias?.length ?? 0),
      0,
    );
    const values = layers(reading)
      .slice(0, -1)
      .reduce((sum, layer) => sum + layer.values.length, 0);
    assert.equal(values + weights, floats.length);
    const total = header.probabilities.reduce((/** @type {number} */ sum, /** @type {number} */ p) => sum + p, 0);
    assert.ok(Math.abs(total - 1) < 1e-9);
  }
});

test('what a value is made of gives the number that torch returned', () => {
  let checked = 0;
  for (const { name, reading } of readings) {
    for (const [place, layer] of reading.layers.entries()) {
      for (let n = 0; n < 40; n += 1) {
        const item = (n * 7) % layer.count;
        const cell = (n * 13) % (layer.rows * layer.columns);
        const { way, total, value } = originOf(reading, { layer: place, item, cell });
        if (!['sum', 'maximum', 'relu'].includes(way)) continue;
        assert.ok(
          Math.abs(total - value) < 1e-4 * (1 + Math.abs(value)),
          `${name} ${layer.operations} ${total} ${value}`,
        );
        checked += 1;
      }
    }
  }
  assert.ok(checked > 600, String(checked));
});

test('the receptive field of a cell is where its gradient is not zero', () => {
  for (const { name, reading, fields } of readings) {
    for (const { layer, cell, field } of fields) {
      assert.deepEqual(fieldOf(reading, { layer, item: 0, cell }), field, `${name} layer ${layer} cell ${cell}`);
    }
  }
});

test('weights that are known are not sent again, and are those of the reading before', () => {
  const { header, floats, reading } = readings[0];
  const without = { ...header, weighted: false };
  const next = readingOf(without, floats, reading);
  assert.equal(next.layers[0].weight, reading.layers[0].weight);
  assert.equal(next.layers[0].bias, reading.layers[0].bias);
});

test('what reads an empty canvas gives no probability of any digit', () => {
  const { header, floats, reading } = readings[0];
  const empty = readingOf({ ...header, digit: null }, floats, null);
  for (let item = 0; item < 10; item += 1) {
    const place = { layer: reading.layers.length, item, cell: 0 };
    assert.match(sentenceOf(reading, place, plain), /%/);
    assert.equal(sentenceOf(empty, place, plain), `probability ${item + 1} {x}: –. no_answer {item} {x}`);
  }
});

test('edges go from every map that a map is made of', () => {
  const { reading } = readings[0];
  const counts = reading.layers.map((_, place) => edgesOf(reading, place).length);
  assert.deepEqual(counts, [10, 10, 10, 200, 20, 20, 1000, 50, 500]);
  const strengths = edgesOf(reading, 3).map(({ strength }) => strength);
  assert.equal(Math.max(...strengths), 1);
  assert.ok(Math.min(...strengths) > 0);
});

test('edges that nothing tells apart are one band, edges with weights are lines', () => {
  const [mnist, shipped] = ['mnist', 'shipped'].map(
    (key) => readings.filter(({ name }) => name === key)[0].reading,
  );
  const bands = (/** @type {Reading} */ reading) =>
    Array.from({ length: reading.layers.length + 1 }, (_, place) => isBand(reading, place));
  assert.deepEqual(bands(mnist), [false, false, false, false, false, false, false, false, false, true]);
  assert.deepEqual(bands(shipped), [false, true, true, true, true, false, true]);
});

test('on every size of screen all layers are inside, none covers another, and each map can be hit', () => {
  const sizes = [
    [640, 520],
    [820, 560],
    [1500, 800],
    [358, 460],
    [340, 380],
  ];
  for (const { name, reading } of readings) {
    for (const [width, height] of sizes) {
      const layout = layoutOf(layers(reading), width, height);
      const what = `${name} ${width}×${height}`;
      let end = -1;
      for (const { place, layer, boxes, around } of layout.placed) {
        const [start, after] = layout.vertical
          ? [around.y, around.y + around.height]
          : [around.x, around.x + around.width];
        assert.ok(start > end, `${what} layer ${place} begins at ${start} before ${end}`);
        end = after;
        assert.equal(boxes.length, layer.count);
        for (const [item, box] of boxes.entries()) {
          assert.ok(box.x >= 0 && box.x + box.width <= width + 0.5, `${what} layer ${place} across`);
          assert.ok(box.y >= 0 && box.y + box.height <= height + 0.5, `${what} layer ${place} down`);
          const { x, y } = centre(box);
          assert.deepEqual(hit(layout, x, y), { layer: place, item, cell: cellIn(box, layer, x, y) });
        }
      }
    }
  }
});

test('what passes layers by goes around the maps, in a lane of its own', () => {
  const { reading } = readings.filter(({ name }) => name === 'skip')[0];
  const all = layers(reading);
  const passing = reading.layers.flatMap(({ inputs }, place) =>
    inputs.filter((from) => from < place - 1).map((from) => ({ from, to: place })),
  );
  assert.ok(passing.length >= 2, 'x + two(x), and cat of it with x');
  const skipConnections = bypassesOf(all);
  assert.deepEqual(
    new Set(skipConnections.map(({ from, to }) => `${from} ${to}`)),
    new Set(passing.map(({ from, to }) => `${from} ${to}`)),
  );
  for (const a of skipConnections)
    for (const b of skipConnections) if (a !== b && a.from < b.to && b.from < a.to) assert.notEqual(a.lane, b.lane);
  for (const [width, height] of [
    [820, 420],
    [358, 460],
  ]) {
    const { bypasses, placed, vertical } = layoutOf(all, width, height);
    const ends = placed.map(({ around }) => (vertical ? around.x + around.width : around.y + around.height));
    for (const { across } of bypasses)
      assert.ok(across > Math.max(...ends) && across < (vertical ? width : height));
  }
  for (const { name, reading: other } of readings)
    if (name !== 'skip') assert.deepEqual(layoutOf(layers(other), 820, 420).bypasses, [], name);
});

test('side by side beyond the last lane they share it', () => {
  const inputs = [[], [-1], [0], [1, -1], [2, 0, -1], [3, 1, 0, -1], [4, 2, 1, 0, -1]];
  const chain = inputs.map((each) => ({ ...readings[0].reading.image, inputs: each }));
  const lanes = bypassesOf(chain).map(({ lane }) => lane);
  assert.equal(lanes.length, 10);
  assert.equal(Math.max(...lanes), 4);
});

test('the arrow keys reach every layer and every map, and inside a map every cell', () => {
  const { reading } = readings[0];
  let place = moveByKey(reading, null, 'ArrowRight', false);
  assert.deepEqual(place, { layer: -1, item: 0, cell: middleOf(reading.image) });
  /** @type {(number | undefined)[]} */
  const places = [place?.layer];
  for (let n = 0; n < 12; n += 1) {
    place = moveByKey(reading, place, 'ArrowRight', false);
    places.push(place?.layer);
  }
  assert.deepEqual(places, [-1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 9, 9]);
  place = { layer: 3, item: 0, cell: 0 };
  for (let n = 0; n < 30; n += 1) place = moveByKey(reading, place, 'ArrowDown', false);
  assert.equal(place?.item, 19);
  for (let n = 0; n < 30; n += 1) place = moveByKey(reading, place, 'ArrowDown', true);
  assert.equal(place?.cell, 56);
  assert.equal(moveByKey(reading, place, 'End', true)?.cell, 63);
  assert.equal(moveByKey(reading, place, 'a', false), null);
});

test('the closer look shows what a map is made of inside of the screen, or what adds most of it', () => {
  for (const { name, reading } of readings) {
    for (const [place, layer] of reading.layers.entries()) {
      for (const [width, height] of [
        [820, 560],
        [640, 520],
        [358, 460],
      ]) {
        const at = { layer: place, item: 0, cell: 0 };
        const closer = closerOf(reading, at, width, height);
        assert.equal(closer.sources.length + closer.left, originOf(reading, at).parts.length);
        assert.ok(closer.sources.length > 0 && closer.sources.length <= 12);
        assert.equal(closer.signed, originOf(reading, at).way === 'sum', 'only parts of a sum add less or more');
        const sizes = closer.sources.map(({ part }) => Math.abs(part.sum));
        const all = originOf(reading, at).parts.map(({ sum }) => Math.abs(sum));
        if (closer.signed && closer.left)
          assert.deepEqual(
            [...sizes].sort(),
            all
              .sort((a, b) => b - a)
              .slice(0, 12)
              .sort(),
          );
        const boxes = closer.sources.flatMap(({ box, weights }) => (weights ? [box, weights] : [box]));
        const [free, below] = [width < 500 ? height - BACK.height : 0, BACK.height + (width < 500 ? height : 0)];
        for (const { x, y, width: w, height: h } of [...boxes, closer.box])
          assert.ok(
            x + w <= width - BACK.width || y >= below || y + h <= free,
            `${name} ${layer.name} under the button`,
          );
        for (const box of [...boxes, closer.box]) {
          assert.ok(box.x >= 0 && box.x + box.width <= width, `${name} ${layer.name}`);
          assert.ok(box.y >= 0 && box.y + box.height <= height, `${name} ${layer.name}`);
        }
      }
    }
  }
});

test('what each part of a sum adds is said, and how many are left out', () => {
  const { reading } = readings[0];
  const place = { layer: 6, item: 3, cell: 0 };
  const sentences = partsOf(reading, place, { width: 820, height: 560 }, plain).split('; ');
  const { sources, left } = closerOf(reading, place, 820, 560);
  assert.ok(sources.length === 12 && left > 0);
  assert.equal(sentences.length, 13);
  assert.match(sentences[0], /^(map|unit)_adds \d+ [−\d.e-]+$/);
  assert.equal(sentences[12], `more ${left}`);
  assert.equal(partsOf(reading, { layer: 1, item: 0, cell: 0 }, { width: 820, height: 560 }, plain), '');
});

test('the sentence says value, sum and receptive field', () => {
  const { reading } = readings[0];
  assert.match(
    sentenceOf(reading, { layer: 3, item: 2, cell: 9 }, words),
    /^map 20 .*: [−\d.]+\. sum_of_maps 10 25 .* sees .* 14$/,
  );
  assert.match(sentenceOf(reading, { layer: 8, item: 2, cell: 0 }, words), /sum_of_units 50 1 .* sees_all/);
  assert.match(
    sentenceOf(reading, { layer: 9, item: 2, cell: 0 }, words),
    /^probability .*: [\d.]+%\. softmax 10 /,
  );
  assert.equal(layerAt(reading, 9).kind, 'probabilities');
});

test('a digit that writes itself goes along its strokes and ends with them', () => {
  const strokes = [
    [
      [0, 0],
      [0.5, 0],
    ],
    [
      [0, 1],
      [0, 0.5],
      [0.5, 0.5],
    ],
  ];
  assert.equal(length(strokes), 1.5);
  assert.deepEqual(upTo(strokes, 0.25), [
    [
      [0, 0],
      [0.25, 0],
    ],
  ]);
  assert.deepEqual(upTo(strokes, 1.5), strokes);
  assert.deepEqual([...flat(strokes)].slice(-3), [0.5, 0.5, 1]);
});

test('what is drawn while a question is under way is read next, and only the newest of it', () => {
  /** @type {import('../../static/js/network/follow.js').Listener[]} */
  const listeners = [];
  /** @type {unknown[]} */
  const messages = [];
  /** @type {import('../../static/js/network/follow.js').Line} */
  const line = {
    underWay: false,
    keep: (_, shape) => messages.push(shape[0]),
    ask: (settings) => {
      messages.push(settings);
      line.underWay = true;
    },
    end: () => {},
  };
  /** @type {import('../../static/js/network/follow.js').Channel} */
  const channel = {
    line: (_, instrument) => {
      listeners.push(instrument);
      return line;
    },
  };
  const answer = { ...readings[0].header, version: 'v', line: 0, number: 1, last: true };
  const read = /** @type {string[]} */ ([]);
  const follow = new Follow(
    channel,
    { network: 'shipped', language: 'en' },
    {
      read: (header) => read.push(header.version),
      refused: () => {},
    },
  );
  const stroke = (/** @type {number} */ n) => [Array.from({ length: n }, (_, at) => [at / 10, 0])];
  for (let n = 1; n < 6; n += 1) follow.read(stroke(n));
  assert.deepEqual(messages, [1, { network: 'shipped', known: '', reads: 'strokes' }]);
  line.underWay = false;
  listeners[0].answer(answer, new Float32Array());
  assert.deepEqual(messages.slice(2), [5, { network: 'shipped', known: 'v', reads: 'strokes' }]);
  assert.deepEqual(read, ['v']);
  line.underWay = false;
  listeners[0].answer(answer, new Float32Array());
  assert.equal(messages.length, 4);
  follow.read([]);
  assert.deepEqual(messages.at(-1), { network: 'shipped', known: 'v', reads: 'nothing' });
});

test('what a hand has drawn since is not undone by what the page says, and something new on the canvas is', async () => {
  Object.assign(globalThis, { addEventListener: () => {} });
  const { CanvasListener } = await import('../../static/js/draw/canvas_listener.js');
  /** @type {number[][]} */
  const heard = [];
  const listening = new CanvasListener('canvas', (strokes, rests) => heard.push([strokes.length, Number(rests)]));
  const box = { left: 10, top: 20, width: 200, height: 100 };
  const stroke = [[0.5, 0.5]];
  listening.tell('0', [stroke]);
  assert.deepEqual(heard, [[1, 1]]);
  listening.canvas = { getBoundingClientRect: () => box }; // the pen is down
  listening.strokes = [stroke, []];
  listening.move({ clientX: 60, clientY: 70 });
  assert.deepEqual(listening.strokes[1], [[0.25, 0.5]]);
  listening.tell('0', [stroke]); // of before
  listening.lift();
  listening.tell('0', [stroke]); // still of before
  assert.equal(listening.strokes.length, 2);
  listening.tell('0', [stroke, [[0.2, 0.5]]]); // as the canvas has smoothed it
  assert.deepEqual(listening.strokes[1], [[0.2, 0.5]]);
  assert.deepEqual(heard.at(-1), [2, 0]); // not finished once more
  listening.tell('1', []); // cleared
  assert.deepEqual(heard.at(-1), [0, 1]);
});

test('an image is read in place of strokes, with the other settings of the page', () => {
  /** @type {unknown[]} */
  const messages = [];
  /** @type {import('../../static/js/network/follow.js').Line} */
  const line = {
    underWay: false,
    keep: (name, shape) => messages.push([name, shape]),
    ask: (settings) => messages.push(settings),
    end: () => {},
  };
  const asking = { network: 'n', language: 'en', settings: { reason: 'cut', of_page: true } };
  const follow = new Follow({ line: () => line }, asking, {
    read: () => {},
    refused: () => {},
  });
  follow.readImage(new Float32Array(784));
  assert.deepEqual(messages, [
    ['image', [28, 28]],
    { network: 'n', known: '', reads: 'image', reason: 'cut', of_page: true },
  ]);
});
