// @ts-check
// The sum of one output on the page: linked terms, the total, and whether torch has the same.

import { el, fill } from '../lib/dom.js';
import { brief } from '../lib/numbers.js';
import { agrees, isWinner } from './sum.js';

/**
 * @typedef {import('./sum.js').Scene} Scene
 * @typedef {import('./sum.js').Sum} Sum
 * @typedef {import('./sum.js').Term} Term
 * @typedef {(term: Term | null) => void} OnHover
 */

/** A negative number in brackets, as it stands behind another sign. @param {number} value */
const inBrackets = (value) => (value < 0 ? `(${brief(value)})` : brief(value));

/** @param {string} className @param {string} text */
const span = (className, text) => el('span', className, text);

/** @param {Scene} data @param {Sum} sum @param {Term} term @param {OnHover} onHover */
function termElement(data, sum, term, onHover) {
  const element = span('term', '');
  if (!term.inside) element.classList.add('padded');
  if (isWinner(data, sum, term)) element.classList.add('winner');
  element.append(span('x', inBrackets(term.x)));
  if (data.w !== null) element.append('·', span('w', inBrackets(term.w)));
  element.addEventListener('pointerenter', () => onHover(term));
  element.addEventListener('pointerleave', () => onHover(null));
  return element;
}

/**
 * Writes the sum into `host`; `onHover` lights the two cells that a term came from.
 *
 * @param {HTMLElement} host
 * @param {Scene} data
 * @param {Sum} sum
 * @param {OnHover} onHover
 */
export function write(host, data, sum, onHover) {
  const labels = data.labels;
  host.replaceChildren();
  host.append(el('div', 'name', fill(labels.output_cell, { i: sum.i, j: sum.j })));
  for (const channel of sum.channels) {
    const line = el('div', 'line');
    if (sum.channels.length > 1) line.append(span('label', fill(labels.channel, { c: data.channels[channel.c] })));
    const terms = data.kind === 'max' ? channel.terms.filter((term) => term.inside) : channel.terms;
    if (data.kind === 'max') line.append('max( ');
    if (data.divisors) line.append('( ');
    terms.forEach((term, n) => {
      if (n) line.append(data.kind === 'max' ? ', ' : ' + ');
      line.append(termElement(data, sum, term, onHover));
    });
    if (!terms.length) line.append(data.kind === 'max' ? '' : '0');
    if (data.kind === 'max') line.append(' )');
    if (data.divisors) line.append(` ) / ${sum.divisor}`);
    if (sum.channels.length > 1) line.append(' = ', span('part', brief(channel.sum)));
    else if (data.b !== null && data.w !== null) line.append(' + ', biasElement(data, data.b));
    if (sum.channels.length === 1) line.append(' = ', span('result', brief(sum.result)));
    host.append(line);
  }
  if (sum.channels.length > 1) host.append(totalLine(data, sum));
  host.append(checkLine(data, sum));
}

/** @param {Scene} data @param {number} b */
function biasElement(data, b) {
  const bias = span('bias', inBrackets(b));
  bias.title = data.labels.bias;
  bias.append(span('label', ` ${data.labels.bias}`));
  return bias;
}

/** @param {Scene} data @param {Sum} sum */
function totalLine(data, sum) {
  const line = el('div', 'line total');
  line.append(span('label', data.labels.all_channels));
  for (const [n, channel] of sum.channels.entries()) {
    line.append(n ? ' + ' : '', span('part', inBrackets(channel.sum)));
  }
  if (data.b !== null) line.append(' + ', biasElement(data, data.b));
  line.append(' = ', span('result', brief(sum.result)));
  return line;
}

/** @param {Scene} data @param {Sum} sum */
function checkLine(data, sum) {
  const good = agrees(data, sum);
  const line = el('div', `check ${good ? 'good' : 'bad'}`);
  line.dataset.result = String(sum.result);
  line.dataset.torch = String(sum.torch);
  const words = fill(good ? data.labels.agrees : data.labels.differs, { torch: brief(sum.torch) });
  line.textContent = `${good ? '✓' : '✗'} ${words}`;
  if (data.kind === 'max') {
    const thrown = sum.channels[0].terms.filter((term) => term.inside).length - 1;
    line.textContent += ` · ${fill(data.labels.thrown, { n: Math.max(0, thrown) })}`;
  }
  return line;
}
