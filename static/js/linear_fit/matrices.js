// @ts-check
// The learned and the true matrix, their difference and the gradient, and the sum of one step.

import { el, fill } from '../lib/dom.js';
import { rowsOf } from '../lib/number_table.js';
import { decimal, exact } from '../lib/numbers.js';
import { cellColours } from '../lib/palette.js';

const COLUMNS = 2;
const BLANK = { background: 'var(--st-secondary-background-color)', color: 'var(--st-text-color)' };

/** A matrix of 3×2 cells, made once and written again with each iteration: a cell that is held keeps the focus. */
class Grid {
  /** @param {string} title @param {string[]} names @param {((cell: number) => void) | null} choose */
  constructor(title, names, choose) {
    this.names = names;
    this.texts = names.map(() => '');
    this.chooses = Boolean(choose);
    this.cells = names.map((name, i) =>
      choose ? el('button', { type: 'button', 'aria-label': name, onclick: () => choose(i) }) : el('span'),
    );
    const table = el(
      'div',
      { class: 'fit-grid', role: 'table', 'aria-label': title },
      ...rowsOf(this.cells, COLUMNS),
    );
    this.root = el('div', {}, el('h2', '', title), table);
  }

  /** @param {(number | null)[]} values @param {number} bound @param {number} weight */
  write(values, bound, weight) {
    this.cells.forEach((cell, i) => {
      const value = values[i];
      const name = this.names[i];
      const text = `${value} ${bound} ${i === weight}`;
      if (text === this.texts[i]) return;
      this.texts[i] = text;
      cell.textContent = value === null ? 'None' : decimal(value);
      Object.assign(cell.style, value === null ? BLANK : cellColours(value, bound));
      cell.title = value === null ? name : `${name} = ${exact(value)}`;
      if (!this.chooses) return;
      cell.setAttribute('aria-pressed', String(i === weight));
      cell.setAttribute('aria-label', `${name} ${cell.textContent}`);
    });
  }
}

/** The four matrices of one iteration. */
export class Matrices {
  /** @param {string[]} titles @param {string[]} names @param {(cell: number) => void} choose */
  constructor(titles, names, choose) {
    this.grids = titles.map((title, i) => new Grid(title, names, i ? null : choose));
    this.root = el('div', 'fit-tables', ...this.grids.map(({ root }) => root));
  }

  /** @param {import('./model.js').Training} training @param {number} at @param {number} weight */
  write({ weights, gradients, header: { target } }, at, weight) {
    const learned = [...weights.subarray(at * 6, at * 6 + 6)];
    const bound = Math.max(...target.map(Math.abs), 1e-9);
    const gradient = at ? [...gradients.subarray((at - 1) * 6, at * 6)] : Array(6).fill(null);
    const difference = learned.map((value, i) => Math.fround(value - target[i])); // as float32 has it
    const rows = [learned, target, difference, gradient];
    rows.forEach((values, i) => {
      this.grids[i].write(values, i < 3 ? bound : Math.max(...gradient.map(Math.abs), 1e-9), weight);
    });
  }
}

/**
 * What one iteration did, as lines.
 *
 * @param {import('./model.js').Training} training
 * @param {number} at
 * @param {number} weight
 * @param {import('./payload.js').FitWords} words
 */
export function stepLines(training, at, weight, words) {
  if (!at) return [el('p', '', words.start)];
  const { weights, gradients, losses, batches, header, diverged, total } = training;
  const { samples, more, lr, plain } = header;
  const batch = batches.subarray((at - 1) * samples, at * samples).join(', ') + (more ? ', …' : '');
  const name = words.names[weight];
  const [before, after] = [weights[(at - 1) * 6 + weight], weights[at * 6 + weight]].map((w) => decimal(w, 6));
  const slope = decimal(gradients[(at - 1) * 6 + weight], 6);
  const sum = plain
    ? `${name}:  ${before} − ${lr} · (${slope}) = ${after}`
    : `${name}:  ${before} → ${after}   (∂L/∂w = ${slope})`;
  const rule = plain ? words.rule : words.other_rule;
  return [
    el('p', '', fill(words.batch, { at, batch, loss: decimal(losses[at - 1], 6) })),
    el('p', '', el('code', '', sum)),
    el('p', '', diverged && at === total ? words.diverged : rule),
  ];
}
