// @ts-check
// Names beside the maps of a network: cut in the middle, and as much room for them as they need.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { layoutOf, namedAt } from '../../static/js/network/layout.js';
import { layerOf } from '../../static/js/network/model.js';
import { linesOf, shorten } from '../../static/js/network/names.js';

const widthOf = (/** @type {string} */ text) => 6 * [...text].length;
const words = { image: 'input', short: { max_pool2d: 'max pool2d' } };
const map = { shape: [2, 4, 4], inputs: [-1] };
const layers = [
  layerOf('image', { shape: [1, 4, 4] }, new Float32Array(16)),
  layerOf(
    'maps',
    { ...map, operations: ['conv2d'], name: 'down1.maxpool_conv.1.double_conv.0' },
    new Float32Array(32),
  ),
  layerOf('maps', { ...map, operations: ['max_pool2d'], inputs: [0] }, new Float32Array(32)),
];

test('a name that is too long keeps its beginning and its end', () => {
  assert.equal(shorten('layer1.0', 48, widthOf), 'layer1.0');
  assert.equal(shorten('down1.maxpool_conv.1.double_conv.0', 90, widthOf), 'down1…le_conv.0');
  for (const room of [60, 90, 130, 200]) {
    const cut = shorten('transformer_encoder.layers.5', room, widthOf);
    assert.ok(widthOf(cut) <= room && cut.startsWith('t') && cut.endsWith('5'), cut);
  }
  assert.equal(shorten('abc', 6, widthOf), '…');
});

test('a Chinese name in one line has no space where it would have gone on in the next', () => {
  const pooling = { ...words, short: { max_pool2d: '最大 池化' } };
  assert.deepEqual(linesOf(layers[2], true, pooling), ['最大池化']);
  assert.deepEqual(linesOf(layers[2], false, pooling), ['最大', '池化']);
  assert.deepEqual(linesOf(layers[2], true, words), ['max pool2d']);
});

test('beside the maps there is room for the longest name, up to three tenths of the width', () => {
  const longest = Math.max(...layers.flatMap((layer) => linesOf(layer, true, words)).map(widthOf));
  for (const [width, expected] of [
    [400, 0.3 * 400],
    [358, 0.3 * 358],
  ]) {
    const { placed } = layoutOf(layers, width, 480, longest);
    for (const { boxes, label } of placed) {
      assert.ok(label.width > expected - 5, String(label.width));
      for (const { x } of boxes) assert.ok(x >= label.x + label.width, `${x} ${label.width}`);
    }
  }
  const short = layoutOf(layers, 400, 480, 30).placed[0].label.width;
  assert.ok(short < 60, String(short));
});

test('the name under a point is that of its layer', () => {
  for (const [width, height] of [
    [400, 480],
    [900, 480],
  ]) {
    const layout = layoutOf(layers, width, height, 60);
    for (const { place, label } of layout.placed) {
      const named = namedAt(layout, label.x + label.width / 2, label.y + label.height / 2);
      assert.equal(named?.place, place);
    }
    assert.equal(namedAt(layout, width - 1, height - 1), null);
  }
});
