// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  countOf,
  curve,
  inIteration,
  iterations,
  moments,
  neighbour,
  printedBy,
  turns,
  variablesAt,
} from '../../static/js/your_code/timeline_model.js';

/**
 * @typedef {import('../../static/js/your_code/payload.js').RecordData} RecordData
 * @typedef {RecordData['steps'][number]} StepData
 * @typedef {RecordData['operations'][number]} OperationData
 */

/** @param {number} index @param {number} line @param {number} iteration @param {Partial<StepData>} [more] @returns {StepData} */
const step = (index, line, iteration, more = {}) => ({
  index,
  line,
  event: 'line',
  function: '<module>',
  frame: 1,
  depth: 1,
  iteration,
  variables: [],
  gone: [],
  changed: [],
  skipped_before: 0,
  ...more,
});
/** @param {number} index @param {number} at @param {number} line @param {string} name @param {number} iteration @param {Partial<OperationData>} [more] @returns {OperationData} */
const operation = (index, at, line, name, iteration, more = {}) => ({
  index,
  line,
  expression: name,
  name,
  inputs: [],
  outputs: [],
  skipped_before: 0,
  step: at,
  iteration,
  nodes: [],
  updates: [],
  opens: '',
  ...more,
});
/** @param {string} name @returns {StepData['variables'][number]} */
const variable = (name, text = name) => ({ name, kind: 'number', text, tensor: null });
const node = { name: 'MulBackward0', line: 2, expression: 'mul', gradients: [], leaf: '' };

// Two turns of a loop: line 2 computes, line 3 goes backward, line 4 updates; then, far later, one more.
/** @type {Pick<RecordData, 'steps' | 'operations' | 'prints'>} */
const record = {
  steps: [
    step(0, 1, 0),
    step(1, 2, 0, { variables: [variable('x', '1')], changed: ['x'] }),
    step(2, 3, 0, { variables: [variable('y', '2')], changed: ['y'] }),
    step(3, 4, 0),
    step(4, 2, 1, { variables: [variable('x', '5')], gone: ['y'], changed: ['x'] }),
    step(90, 2, 9, { skipped_before: 85 }),
  ],
  operations: [
    operation(0, 1, 2, 'mul', 0),
    operation(1, 2, 3, 'backward', 0, { nodes: [node, { ...node, name: 'AccumulateGrad' }] }),
    operation(2, 3, 4, 'optimizer.step', 0),
    operation(3, 4, 2, 'mul', 1),
    operation(40, 90, 2, 'mul', 9, { skipped_before: 36 }),
  ],
  prints: [
    { line: 2, text: 'a', step: 1, iteration: 0, skipped_before: 0 },
    { line: 4, text: 'b', step: 3, iteration: 0, skipped_before: 0 },
  ],
};
const all = moments(record);
const names = all.map(({ kind, node: one, operation: of, line }) => one?.name ?? of?.name ?? `${kind} ${line}`);

test('lines, operations and the nodes of a backward pass are one line in the order in which they happened', () => {
  assert.deepEqual(names, [
    'line 1',
    'line 2',
    'mul',
    'line 3',
    'backward',
    'MulBackward0',
    'AccumulateGrad',
    'line 4',
    'optimizer.step',
    'line 2',
    'mul',
    'line 2',
    'mul',
  ]);
  assert.deepEqual(
    all.filter(({ gap }) => gap).map(({ gap }) => gap),
    [85, 36],
  );
  assert.equal(all[5].line, 2, 'a node shows the line of the operation that made it');
});

test('a step goes to the next line, operation or iteration, and from the last one to the end of the run', () => {
  assert.equal(names[neighbour(all, 1, 1, 'line')], 'line 3');
  assert.equal(names[neighbour(all, 1, 1, 'operation')], 'mul');
  assert.equal(neighbour(all, 0, -1, 'line'), 0);
  assert.equal(neighbour(all, all.length - 1, 1, 'operation'), all.length - 1);
  for (let at = 0; at < all.length; at += 1)
    for (const pace of /** @type {const} */ (['line', 'operation'])) {
      const next = neighbour(all, at, 1, pace);
      assert.ok(next >= at);
      if (next > at && next < all.length - 1) assert.equal(all[next].kind === 'line', pace === 'line');
    }
});

test('going back reaches the beginning of the run at every pace, over each moment of that pace', () => {
  for (const pace of /** @type {const} */ (['line', 'operation', 'iteration'])) {
    /** @type {number[]} */
    const places = [];
    let at = all.length - 1;
    for (let n = 0; at > 0 && n <= all.length; n += 1) {
      at = neighbour(all, at, -1, pace);
      places.push(at);
    }
    assert.equal(at, 0, `by ${pace}`);
    const fits = all.flatMap(({ kind }, i) => ((kind === 'line') === (pace === 'line') ? [i] : []));
    if (pace !== 'iteration')
      assert.deepEqual(
        fits.filter((i) => i < all.length - 1 && !places.includes(i)),
        [],
      );
  }
});

test('another iteration shows the same place of the program where it was recorded', () => {
  assert.deepEqual(iterations(all), [0, 1, 9]);
  assert.equal(neighbour(all, 2, 1, 'iteration'), 10);
  assert.equal(neighbour(all, 10, -1, 'iteration'), 2);
  assert.equal(inIteration(all, 4, 9), 11, 'a backward pass that was not kept: the first moment there');
  assert.equal(neighbour(all, 12, 1, 'iteration'), 12);
});

test('the turns of a loop are the times that the same place ran', () => {
  assert.deepEqual(turns(all, 2), [2, 10, 12]);
  assert.deepEqual(turns(all, 0), [0]);
});

test('variables are those of the frame, with what changed first, and without what is gone', () => {
  const textAt = (/** @type {number} */ at) =>
    variablesAt(record.steps, at).map(({ variable: { name, text }, changed }) => [name, text, changed]);
  assert.deepEqual(textAt(2), [
    ['y', '2', true],
    ['x', '1', false],
  ]);
  assert.deepEqual(textAt(4), [['x', '5', true]]);
  const inside = [...record.steps, step(91, 7, 9, { frame: 2, variables: [variable('z')] })];
  assert.deepEqual(
    variablesAt(inside, 6).map((one) => one.variable.name),
    ['z'],
  );
  assert.deepEqual(variablesAt(inside, -1), []);
});

test('what was printed by then is shown, not what comes later', () => {
  const texts = (/** @type {number} */ at) => printedBy(record, all[at]).map(({ text }) => text);
  assert.deepEqual(texts(1), []);
  assert.deepEqual(texts(2), ['a']);
  assert.deepEqual(texts(12), ['a', 'b']);
});

test('a curve lies in its box, and leaves out what is not finite', () => {
  const { points, low, high } = curve({ steps: [0, 5, 10, 20], values: [4, 'nan', 0, 2] });
  assert.deepEqual(points, [
    [0, 0],
    [0.5, 1],
    [1, 0.5],
  ]);
  assert.deepEqual([low, high], [0, 4]);
  assert.deepEqual(curve({ steps: [3, 3], values: [1, 1] }).points, [
    [0.5, 0.5],
    [0.5, 0.5],
  ]);
  assert.deepEqual(curve({ steps: [], values: [] }).points, []);
});

test('a count that ended at its bound is told from a whole one', () => {
  const lines = [
    { line: 1, count: 2, at_least: false },
    { line: 2, count: 5, at_least: true },
  ];
  assert.deepEqual(countOf({ lines }), { count: 7, more: true });
  assert.deepEqual(countOf({ lines }, 1), { count: 2, more: false });
  assert.deepEqual(countOf({ lines }, 2), { count: 5, more: true });
  assert.deepEqual(countOf({ lines }, 3), { count: 0, more: false });
});
