// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { arrowOf } from '../../static/js/lib/arrow_keys.js';
import { fill } from '../../static/js/lib/dom.js';
import { parse } from '../../static/js/lib/formula.js';
import { pack, reader, unpack } from '../../static/js/lib/message.js';
import { brief, cellText, decimal, exact, short, shorter } from '../../static/js/lib/numbers.js';
import { cellColours, DARK, inkOn, NEGATIVE, NEUTRAL, POSITIVE, signedColor } from '../../static/js/lib/palette.js';
import { clampIndex, ravel, unravel } from '../../static/js/lib/shapes.js';
import { fixtures } from './fixtures.js';

test('cells are counted as NumPy counts them', () => {
  for (const { shape, indices } of fixtures.shapes) {
    indices.forEach((index, flat) => {
      assert.deepEqual(unravel(flat, shape), index);
      assert.equal(ravel(index, shape), flat);
    });
  }
});

test('an index beyond a dimension becomes its first or its last', () => {
  assert.deepEqual(
    [-1, 2, 9].map((index) => clampIndex(index, 5)),
    [0, 2, 4],
  );
});

test('an arrow key moves one row or one column, and no other key moves', () => {
  assert.deepEqual(arrowOf('ArrowUp'), { rows: -1, columns: 0 });
  assert.deepEqual(arrowOf('ArrowRight'), { rows: 0, columns: 1 });
  assert.deepEqual([arrowOf('Enter'), arrowOf('toString')], [null, null]);
});

test('a sentence says of one thing and of several what Python says', () => {
  assert.ok(fixtures.sentences.length > 50);
  for (const { template, places, one, two } of fixtures.sentences) {
    assert.equal(fill(template, Object.fromEntries(places.map((place) => [place, 1]))), one);
    assert.equal(fill(template, Object.fromEntries(places.map((place) => [place, '2']))), two);
    assert.equal(fill(template, {}), template); // a place without a value stays as it is written
  }
});

test('a message is read as Python wrote it, wherever it starts in its buffer', () => {
  for (const { bytes, header, arrays } of fixtures.messages) {
    const message = Buffer.from(bytes, 'base64');
    for (const start of [0, 1, 6]) {
      const buffer = new Uint8Array(start + message.length + 3);
      buffer.set(message, start);
      const read = unpack(buffer.subarray(start, start + message.length));
      assert.deepEqual(read.header, header);
      const next = reader(read.floats);
      for (const values of arrays) assert.deepEqual([...next(values.length)], values);
      assert.equal(next(1).length, 0);
    }
  }
});

test('a message is written as Python writes it', () => {
  for (const { bytes, header, arrays } of fixtures.messages) {
    assert.equal(Buffer.from(pack(header, arrays.flat())).toString('base64'), bytes);
  }
});

test('nine digits tell every float32 apart', () => {
  for (const x of fixtures.floats) assert.equal(Math.fround(Number(exact(x))), x);
});

test('numbers are written with a minus sign in the digits there is room for', () => {
  assert.deepEqual([brief(-1.23456), brief(2), brief(-Infinity), brief(null)], ['−1.23', '2', '−∞', '']);
  assert.deepEqual([decimal(-0.5), decimal(1.5e7), decimal(-1e-7)], ['−0.5000', '1.50e+7', '−1.00e−7']);
  assert.deepEqual(
    [cellText(-3), cellText(0.12345), cellText(123456.5), cellText('-inf')],
    ['−3', '0.123', '1.2e+5', '−inf'],
  );
  assert.deepEqual([short(0), short(0.12345), short('nan')], ['0', '0.123', 'nan']);
  assert.deepEqual(shorter(-0.123), ['−0.12', '−0.1', '−1e−1']);
});

test('every number fits into a cell', () => {
  const numbers = [-999999, -1e-10, 1e-10, -1234.56, 1234.56, -999.996, 9.9996];
  assert.deepEqual(numbers.map(cellText), [
    '−1.0e+6',
    '−1e−10',
    '1.0e−10',
    '−1234.6',
    '1234.56',
    '−1000.0',
    '10.000',
  ]);
  for (const x of fixtures.floats) assert.ok(cellText(x).length <= 7, cellText(x));
});

test('no digit that was rounded away is written as a 0', () => {
  const numbers = [1234.6, 999.6, -123456.7, 1234567, 12345678, 1e-7];
  assert.deepEqual(numbers.map(brief), ['1235', '1000', '−123457', '1234567', '1.23e+7', '1e−7']);
  assert.deepEqual(numbers.map(short), ['1235', '1000', '-123457', '1234567', '1.23e+7', '1e-7']);
  assert.deepEqual([exact(123456792), exact(1234567936)], ['123456792', '1.23456794e+9']);
});

test('an infinity and what is no number are named as PyTorch names them', () => {
  const [none, up, down] = [Number.NaN, Infinity, -Infinity];
  assert.deepEqual([none, up, down].map(brief), ['nan', '∞', '−∞']);
  for (const write of [decimal, cellText])
    assert.deepEqual(
      [none, up, down].map((x) => write(x)),
      ['nan', 'inf', '−inf'],
    );
  for (const write of [short, exact]) assert.deepEqual([none, up, down].map(write), ['nan', 'inf', '-inf']);
  assert.deepEqual(
    [brief, decimal, cellText, short, exact].map((write) => write(-0)),
    ['0', '0.0000', '0', '0', '0'],
  );
});

test('colours run from orange over neutral to blue, and ink has at least 4.5 of contrast with them', () => {
  const hex = (/** @type {string} */ rgb) =>
    `#${(rgb.match(/\d+/g) ?? []).map((c) => Number(c).toString(16).padStart(2, '0')).join('')}`;
  const ends = (/** @type {boolean} */ dark) => [-2, 0, 1].map((value) => hex(signedColor(value, 1, dark)));
  assert.deepEqual(ends(false), [NEGATIVE, NEUTRAL, POSITIVE]);
  assert.deepEqual(ends(true), [DARK.negative, DARK.neutral, DARK.positive]);
  assert.equal(cellColours(0, 1).color, 'light-dark(#000, #fff)');
  const light = (/** @type {number[]} */ rgb) =>
    rgb
      .map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4))
      .reduce((sum, part, i) => sum + part * [0.2126, 0.7152, 0.0722][i], 0);
  for (let n = 0; n <= 401; n += 1) {
    const [at, dark] = [(n % 201) - 100, n > 200];
    const paper = light((signedColor(at, 100, dark).match(/\d+/g) ?? []).map(Number));
    const ink = inkOn(at, 100, dark) === '#fff' ? 1 : 0;
    const contrast = (Math.max(paper, ink) + 0.05) / (Math.min(paper, ink) + 0.05);
    assert.ok(contrast >= 4.5, `${at}: ${contrast}`);
  }
});

/** @param {import('../../static/js/lib/formula.js').Tree | string} tree @returns {string} */
const textOf = (tree) => (typeof tree === 'string' ? tree : tree.children.map(textOf).join(''));

test('every formula of core becomes MathML without a command left over, and keeps its digits in order', () => {
  const digits = (/** @type {string} */ text) => text.match(/\d/g)?.join('');
  for (const { formulas } of fixtures.scenes) {
    for (const tex of formulas) {
      const text = textOf(parse(tex));
      assert.doesNotMatch(text, /\\/, tex);
      assert.equal(digits(text), digits(tex), tex);
    }
  }
});

test('a fraction, a sum and what is not known are drawn as they are written', () => {
  const tags = (/** @type {import('../../static/js/lib/formula.js').Tree} */ tree) =>
    tree.children.map((child) => (typeof child === 'string' ? child : child.tag));
  assert.deepEqual(tags(parse('\\frac{1}{2}')), ['mfrac']);
  assert.deepEqual(tags(parse('\\sum_{k=0}^{9} x_k')), ['munderover', 'msub']);
  assert.equal(textOf(parse('\\unknown')), '\\unknown');
});

test('lines of a sum stand below each other, and what is torn is shown as far as it goes', () => {
  const table = parse('\\begin{aligned} &1 + 2 \\\\ &\\quad + 3 \\\\ &= \\frac{6}{1} \\end{aligned}').children[0];
  const lines = typeof table === 'string' ? [] : table.children;
  assert.equal(typeof table === 'string' ? '' : table.tag, 'mtable');
  assert.deepEqual(lines.map(text), ['1+2', '+3', '=61']);
  for (const torn of ['\\begin{aligned} 1 } + 2', '\\begin{aligned} & \\\\', '\\begin']) assert.ok(parse(torn));
});

/** @param {import('../../static/js/lib/formula.js').Tree | string} tree @returns {string} */
const text = (tree) => (typeof tree === 'string' ? tree : tree.children.map(text).join(''));
