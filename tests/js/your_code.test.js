// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { floatsOf } from '../../static/js/network/forward_pass.js';
import { readingOf } from '../../static/js/network/model.js';
import { moveByKey } from '../../static/js/network/place_keys.js';
import { dedent, indent, newline, repair, shapeFrom } from '../../static/js/your_code/editing.js';
import { marksOf, pieces, withMarks } from '../../static/js/your_code/highlight.js';
import { readingFacts, shortNames } from '../../static/js/your_code/networks_model.js';
import { indexOf, movedCell } from '../../static/js/your_code/tensor_model.js';

/** @param {string} text in which | stands at both ends of the selection */
function edit(text) {
  const [before, inside, after] = text.split('|');
  return { text: before + inside + after, start: before.length, end: before.length + inside.length };
}

test('no character is lost or moved by the colours', () => {
  const text = 'def f(x):  # "a"\n    """doc\n    more"""\n    return rb\'\\\'\' + 1e-5j\n\nwhile 变量 is "open';
  assert.equal(
    pieces(text)
      .map((line) => line.map((piece) => piece.text).join(''))
      .join('\n'),
    text,
  );
});

test('Python is told apart', () => {
  const [line] = pieces('class Net: pass  # for');
  assert.deepEqual(
    line.filter(({ kind }) => kind).map(({ kind, text }) => [kind, text]),
    [
      ['keyword', 'class'],
      ['defined', 'Net'],
      ['keyword', 'pass'],
      ['comment', '# for'],
    ],
  );
  const string = pieces('x = """a\nfor b"""\nfor');
  assert.deepEqual(string[1], [{ kind: 'string', text: 'for b"""' }]);
  assert.deepEqual(string[2], [{ kind: 'keyword', text: 'for' }]);
});

test('a mark cuts the pieces at its ends', () => {
  const text = 'y = self.fc(x) + 1';
  const marks = marksOf(text, 1, 'self.fc(x)', 'error');
  const cut = withMarks(pieces(text)[0], marks.get(1) ?? []);
  assert.equal(cut.map((piece) => piece.text).join(''), text);
  const inside = cut.filter((piece) => piece.marks.includes('error'));
  assert.equal(inside.map((piece) => piece.text).join(''), 'self.fc(x)');
});

test('an expression of several lines is marked on each of them', () => {
  const text = 'a = f(\n    x,\n    y)\n';
  const marks = marksOf(text, 1, 'f(\n    x,\n    y)', 'error');
  assert.deepEqual([...marks.keys()], [1, 2, 3]);
  assert.deepEqual(marks.get(1), [{ start: 4, end: 6, kind: 'error' }]);
  assert.equal(marksOf(text, 9, 'f', 'error').size, 0);
  assert.equal(marksOf(text, 1, 'nowhere', 'error').size, 0);
});

test('Tab goes to the next stop, and moves whole lines where several are selected', () => {
  assert.deepEqual(indent(edit('ab||')), edit('ab  ||'));
  assert.deepEqual(indent(edit('||x')), edit('    ||x'));
  assert.deepEqual(indent(edit('|a\n\nb|')), edit('    |a\n\n    b|'));
  assert.equal(dedent(indent(edit('|a\n  b|\n'))).text, 'a\n  b\n');
  assert.equal(dedent(edit('\t||x')).text, 'x');
  assert.equal(indent(edit('|a\n|b')).text, '    a\nb');
});

test('Enter keeps the indentation and goes further in after a colon', () => {
  assert.deepEqual(newline(edit('    x||')), edit('    x\n    ||'));
  assert.deepEqual(newline(edit('if x:  # why||')), edit('if x:  # why\n    ||'));
  assert.deepEqual(newline(edit('  a||b')), edit('  a\n  ||b'));
});

test('a repair line keeps its indentation, and other lines stay as they are', () => {
  const text = 'class A:\n    def f(self):\n        self.fc = nn.Linear(3, 2)\n';
  assert.equal(repair(text, { line: 3, code: 'self.fc = nn.Linear(5, 2)' }), text.replace('Linear(3', 'Linear(5'));
  assert.equal(repair(text, { line: 30, code: 'x' }), text);
});

test('a shape is read in every way that people write one', () => {
  for (const text of ['2, 1, 28, 28', '(2, 1, 28, 28)', '2x1x28x28', '[2,1,28,28]'])
    assert.deepEqual(shapeFrom(text), [2, 1, 28, 28]);
  for (const text of ['', 'a', '0, 3', '-1, 3', '2.5', '1e9', '9999,9999,9999'])
    assert.equal(shapeFrom(text), null);
});

test('a cell of the grid has its index in the tensor, and arrows move from cell to cell', () => {
  assert.deepEqual(indexOf([2, 3, 4, 5], 7, 5), [0, 0, 1, 2]);
  assert.deepEqual(indexOf([4, 5], 19, 5), [3, 4]);
  assert.deepEqual(indexOf([5], 3, 5), [3]);
  assert.deepEqual(indexOf([], 0, 1), []);
  assert.equal(movedCell(0, 'ArrowDown', 5, 20), 5);
  assert.equal(movedCell(0, 'ArrowUp', 5, 20), 0);
  assert.equal(movedCell(19, 'ArrowRight', 5, 20), 19);
  assert.equal(movedCell(7, 'Home', 5, 20), 0);
  assert.equal(movedCell(7, 'End', 5, 20), 19);
  assert.equal(movedCell(7, 'Enter', 5, 20), null);
});

test('a recorded module is a reading of its values, or of its gradients without weights', () => {
  const layer = {
    operations: ['max_pool2d'],
    name: '',
    inputs: [-1],
    shape: [2],
    window: null,
    weight: [2, 3],
    bias: true,
    call: 0,
  };
  const floats = (/** @type {number[]} */ ...all) =>
    btoa(String.fromCharCode(...new Uint8Array(Float32Array.from(all).buffer)));
  const values = [1, 2, 3, 10, 20];
  const picture = {
    ...{ module: 'Net', line: 3, step: 7, image: [3], layers: [layer], note: null },
    ...{ numbers: floats(...values, 1, 2, 3, 4, 5, 6, 7, 8), gradients: floats(-1, -2) },
  };
  const facts = readingFacts(picture, false);
  const reading = readingOf(facts.header, floatsOf(facts.numbers), null);
  assert.deepEqual([...reading.layers[0].values], [10, 20]);
  assert.deepEqual([...(reading.layers[0].bias ?? [])], [7, 8]);
  assert.equal(reading.answer, null, 'a module gives no probabilities');
  assert.equal(moveByKey(reading, { layer: 0, item: 0, cell: 0 }, 'End', false)?.layer, 0);
  const turned = readingFacts(picture, true);
  const gradient = readingOf(turned.header, floatsOf(turned.numbers), null);
  assert.deepEqual([...gradient.image.values, ...gradient.layers[0].values], [1, 2, 3, -1, -2]);
  assert.equal(gradient.layers[0].weight, null);
  assert.deepEqual(shortNames(picture), { max_pool2d: 'max pool2d' });
});
