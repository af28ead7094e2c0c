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

/** @param {Scene} d @param {Sum} sum @param {Term} term @param {OnHover} onHover */
function termElement(d, sum, term, onHover) {
  const element = span('term', '');
  if (!term.inside) element.classList.add('padded');
  if (isWinner(d, sum, term)) element.classList.add('winner');
  element.append(span('x', inBrackets(term.x)));
  if (d.w !== null) element.append('·', span('w', inBrackets(term.w)));
  element.addEventListener('pointerenter', () => onHover(term));
  element.addEventListener('pointerleave', () => onHover(null));
  return element;
}

/**
 * Writes the sum into `host`; `onHover` lights the two cells that a term came from.
 *
 * @param {HTMLElement} host
 * @param {Scene} d
 * @param {Sum} sum
 * @param {OnHover} onHover
 */
export function write(host, d, sum, onHover) {
  const labels = d.labels;
  host.replaceChildren();
  host.append(el('div', 'name', fill(labels.output_cell, { i: sum.i, j: sum.j })));
  for (const channel of sum.channels) {
    const line = el('div', 'line');
    if (sum.channels.length > 1) line.append(span('label', fill(labels.channel, { c: d.channels[channel.c] })));
    const terms = d.kind === 'max' ? channel.terms.filter((term) => term.inside) : channel.terms;
    if (d.kind === 'max') line.append('max( ');
    if (d.divisors) line.append('( ');
    terms.forEach((term, n) => {
      if (n) line.append(d.kind === 'max' ? ', ' : ' + ');
      line.append(termElement(d, sum, term, onHover));
    });
    if (!terms.length) line.append(d.kind === 'max' ? '' : '0');
    if (d.kind === 'max') line.append(' )');
    if (d.divisors) line.append(` ) / ${sum.divisor}`);
    if (sum.channels.length > 1) line.append(' = ', span('part', brief(channel.sum)));
    else if (d.b !== null && d.w !== null) line.append(' + ', biasElement(d, d.b));
    if (sum.channels.length === 1) line.append(' = ', span('result', brief(sum.result)));
    host.append(line);
  }
  if (sum.channels.length > 1) host.append(totalLine(d, sum));
  host.append(checkLine(d, sum));
}

/** @param {Scene} d @param {number} b */
function biasElement(d, b) {
  const bias = span('bias', inBrackets(b));
  bias.title = d.labels.bias;
  bias.append(span('label', ` ${d.labels.bias}`));
  return bias;
}

/** @param {Scene} d @param {Sum} sum */
function totalLine(d, sum) {
  const line = el('div', 'line total');
  line.append(span('label', d.labels.all_channels));
  for (const [n, channel] of sum.channels.entries()) {
    line.append(n ? ' + ' : '', span('part', inBrackets(channel.sum)));
  }
  if (d.b !== null) line.append(' + ', biasElement(d, d.b));
  line.append(' = ', span('result', brief(sum.result)));
  return line;
}

/** @param {Scene} d @param {Sum} sum */
function checkLine(d, sum) {
  const good = agrees(d, sum);
  const line = el('div', `check ${good ? 'good' : 'bad'}`);
  line.dataset.result = String(sum.result);
  line.dataset.torch = String(sum.torch);
  const words = fill(good ? d.labels.agrees : d.labels.differs, { torch: brief(sum.torch) });
  line.textContent = `${good ? '✓' : '✗'} ${words}`;
  if (d.kind === 'max') {
    const thrown = sum.channels[0].terms.filter((term) => term.inside).length - 1;
    line.textContent += ` · ${fill(d.labels.thrown, { n: Math.max(0, thrown) })}`;
  }
  return line;
}
