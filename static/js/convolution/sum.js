// The whole sum of one output written out with its numbers, as linked terms for the eye and as text for the ear.

import { el, fill } from '../lib/dom.js';
import { brief } from '../lib/numbers.js';


// A negative number in brackets, as it stands behind another sign.
const inBrackets = (value) => (value < 0 ? `(${brief(value)})` : brief(value));

const span = (className, text) => el('span', className, text);

// The arithmetic of output (i, j): per channel its products and their sum; for pooling the numbers themselves.
export function arithmetic(d, meetings, i, j) {
  const weighted = d.w !== null;
  const channels = d.x.map((values, c) => {
    const terms = meetings.map((m) => {
      const x = m.inside ? values[m.a * d.size[1] + m.b] : 0;
      const w = weighted ? d.w[c][m.u * d.kernel[1] + m.v] : 1;
      return { ...m, c, x, w, product: x * w };
    });
    return { c, terms, sum: terms.reduce((sum, term) => sum + term.product, 0) };
  });
  const at = i * d.out[1] + j;
  const torch = d.y[at] ?? -Infinity; // only a window without a cell has none
  let result;
  if (d.kind === 'max') result = Math.max(...channels[0].terms.filter((t) => t.inside).map((t) => t.x));
  else if (weighted) result = channels.reduce((sum, channel) => sum + channel.sum, d.b ?? 0);
  else result = channels[0].sum / d.divisors[at];
  return { channels, result, torch, i, j, divisor: d.divisors ? d.divisors[at] : 1, winner: d.winners?.[at] };
}

// Float32 sums of n terms differ from exact ones by roundings of the terms' size.
export function agrees(d, sum) {
  if (sum.result === sum.torch) return true; // an infinity too
  const size = sum.channels.flatMap((channel) => channel.terms).reduce((all, t) => all + Math.abs(t.product), 1);
  return Math.abs(sum.result - sum.torch) <= 1e-6 * (size + Math.abs(d.b ?? 0));
}

const isWinner = (d, sum, term) => d.kind === 'max' && sum.winner === term.a * d.size[1] + term.b;

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

// Write the sum into `host`; `onHover(term or null)` lights the two cells a term came from.
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
    else if (d.b !== null && d.w !== null) line.append(' + ', biasElement(d));
    if (sum.channels.length === 1) line.append(' = ', span('result', brief(sum.result)));
    host.append(line);
  }
  if (sum.channels.length > 1) host.append(totalLine(d, sum));
  host.append(checkLine(d, sum));
}

function biasElement(d) {
  const bias = span('bias', inBrackets(d.b));
  bias.title = d.labels.bias;
  bias.append(span('label', ` ${d.labels.bias}`));
  return bias;
}

function totalLine(d, sum) {
  const line = el('div', 'line total');
  line.append(span('label', d.labels.all_channels));
  sum.channels.forEach((channel, n) => line.append(n ? ' + ' : '', span('part', inBrackets(channel.sum))));
  if (d.b !== null) line.append(' + ', biasElement(d));
  line.append(' = ', span('result', brief(sum.result)));
  return line;
}

function checkLine(d, sum) {
  const good = agrees(d, sum);
  const line = el('div', `check ${good ? 'good' : 'bad'}`);
  line.dataset.result = sum.result;
  line.dataset.torch = sum.torch;
  const words = fill(good ? d.labels.agrees : d.labels.differs, { torch: brief(sum.torch) });
  line.textContent = `${good ? '✓' : '✗'} ${words}`;
  if (d.kind === 'max') {
    const thrown = sum.channels[0].terms.filter((term) => term.inside).length - 1;
    line.textContent += ` · ${fill(d.labels.thrown, { n: Math.max(0, thrown) })}`;
  }
  return line;
}

// The same sum as one sentence.
export function spoken(d, sum) {
  const parts = sum.channels.map((channel) =>
    channel.terms
      .filter((term) => term.inside || d.kind !== 'max')
      .map((term) => (d.w === null ? brief(term.x) : `${brief(term.x)} × ${brief(term.w)}`))
      .join(d.kind === 'max' ? ', ' : ' + ')
  );
  const where = fill(d.labels.output_cell, { i: sum.i, j: sum.j });
  if (d.kind === 'max') return `${where} max(${parts[0]}) = ${brief(sum.result)}`;
  if (d.w === null) return `${where} (${parts[0]}) / ${sum.divisor} = ${brief(sum.result)}`;
  const bias = d.b === null ? '' : ` + ${d.labels.bias} ${brief(d.b)}`;
  return `${where} ${parts.join(' + ')}${bias} = ${brief(sum.result)}`;
}

// What an input cell or a weight did: one line for the eye and the ear.
export function uses(d, focus, meetings) {
  const [row, column] = focus.cell;
  const outputs = new Set(meetings.map((m) => `${m.i},${m.j}`)).size;
  const template = focus.grid === 'weight' ? d.labels.weight_used : d.labels.input_used;
  const values = focus.grid === 'weight' && d.w ? d.w[focus.channel] : d.x[focus.channel];
  const width = focus.grid === 'weight' ? d.kernel[1] : d.size[1];
  const value = focus.grid === 'weight' && !d.w ? '' : brief(values[row * width + column] ?? 0);
  return fill(template, { i: row, j: column, value, n: outputs });
}
