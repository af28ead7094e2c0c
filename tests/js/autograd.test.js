// @ts-check
// The autograd graph: the chain in the first column, leaves beside it, edges from below a node to above the next.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { edgePath, NODE, placesOf, sizeOf, typeSize } from '../../static/js/lenet/autograd_model.js';

const NODES = [
  { row: 0, leaf: '' },
  { row: 1, leaf: '' },
  { row: 1, leaf: 'fc.weight' },
  { row: 1, leaf: 'fc.bias' },
  { row: 2, leaf: '' },
];

test('the chain stays in the first column, and leaves stand beside it without touching', () => {
  const places = placesOf(NODES);
  const [first, , weight, bias] = places;
  assert.deepEqual(
    places.filter((_, i) => !NODES[i].leaf).map(([x]) => x),
    [first[0], first[0], first[0]],
  );
  assert.ok(weight[0] >= first[0] + NODE.width && bias[0] >= weight[0] + NODE.width);
  assert.equal(weight[1], bias[1]);
  assert.ok(weight[1] >= first[1] + NODE.height);
});

test('two nodes of the chain in one row stand beside each other', () => {
  const [[x], [other]] = placesOf([NODES[0], NODES[0]]);
  assert.ok(other >= x + NODE.width);
});

test('the picture holds every node', () => {
  const places = placesOf(NODES);
  const { width, height } = sizeOf(places);
  for (const [x, y] of places) assert.ok(x > 0 && y > 0 && x + NODE.width < width && y + NODE.height < height);
});

test('an edge leads from the middle below a node to the middle above the next', () => {
  const path = edgePath([0, 0], [100, 200]);
  assert.ok(path.startsWith(`M${NODE.width / 2},${NODE.height} `), path);
  assert.ok(path.endsWith(` ${100 + NODE.width / 2},200`), path);
});

test('a long label is written smaller, a short one as the others', () => {
  assert.equal(typeSize('x'), 12);
  assert.ok(typeSize('ConvolutionBackward0AndMore') < typeSize('ConvolutionBackward0'));
});
