// @ts-check
// One operator: its arguments, the shape, the tensors of both passes and one opened cell, all of which follow the hand.

import { CONTROLS_STYLE } from '../lib/controls.js';
import { el, fill } from '../lib/dom.js';
import { formula } from '../lib/formula.js';
import { hint } from '../lib/hint.js';
import { Instrument } from '../lib/instrument.js';
import { drawing } from '../lib/lifecycle.js';
import { reader } from '../lib/message.js';
import { numel } from '../lib/shapes.js';
import { changes, withChange } from './cells.js';
import { Grids } from './grids.js';
import { STYLE } from './style.js';

/**
 * @typedef {import('./payload.js').OperatorHeader} OperatorHeader
 * @typedef {import('./payload.js').SourcesHeader} SourcesHeader
 */

export default drawing({
  mount: (/** @type {import('../lib/lifecycle.js').Component<Uint8Array>} */ component) => new Operator(component),
  update: (operator, component) => operator.hear(component),
  end: (operator) => operator.end(),
});

/** @extends {Instrument<import('./payload.js').OperatorLabels, OperatorHeader | SourcesHeader>} */
class Operator extends Instrument {
  grids = new Grids({
    open: (tensor, at) => this.change({ cell: `${tensor}.${at}` }),
    set: (place, number) => this.set(withChange(this.cells, place, number)),
    now: (place) => changes(this.cells).get(place),
    reset: () => this.set(''),
    hold: (holds) => this.hand?.hold(holds),
  });
  why = el('div', { class: 'why', role: 'alert', hidden: true });
  error = el('div', { class: 'error', role: 'alert', hidden: true });
  verdict = el('p', { class: 'verdict', role: 'status', hidden: true });
  shape = el('div', { class: 'shape', hidden: true });
  hints = el('div', 'hint');
  numberPanel = el('section', { class: 'opened', hidden: true });
  output = el('pre');
  printed = el('details', { class: 'printed', hidden: true });
  root = el('div', 'one-operator');

  /** The numbers of x that the reader has changed, as a text. */
  get cells() {
    return String(this.values[this.header.labels.cells]);
  }

  /** @param {string} cells */
  set(cells) {
    this.change({ [this.header.labels.cells]: cells });
  }

  /** @override */
  build() {
    const { labels, words } = this.header;
    delete this.root.dataset.answer;
    for (const part of [this.why, this.error, this.verdict, this.shape, this.numberPanel, this.printed])
      part.hidden = true;
    this.grids.clear();
    this.controls = this.controlsOf((name) => name in words);
    this.hints.replaceChildren(el('p', '', hint(labels, 'hint')), el('p', '', labels.edit));
    this.printed.replaceChildren(el('summary', '', labels.printed), this.output);
    const ask = el('div', 'ask', this.controls.of('ask').root, this.controls.of(labels.guess).root);
    const follows = el('div', 'follows', this.lost, this.error, this.why, ask, this.verdict, this.shape);
    follows.append(this.hints, this.grids.root, this.numberPanel, this.printed);
    this.root.replaceChildren(this.controls.root, follows);
    this.host.replaceChildren(el('style', '', CONTROLS_STYLE + STYLE), this.root);
  }

  /** @override */
  show() {
    this.controls.show(this.values);
  }

  /**
   * @override
   * @param {import('../lib/live.js').Reply<OperatorHeader | SourcesHeader>} header
   * @param {Float32Array} floats
   */
  answer(header, floats) {
    if ('of' in header) this.grids.know(header.of, header.sources);
    if ('of' in header || 'over' in header) return;
    const report = 'refusal' in header ? { ...NOTHING, why: [header.refusal] } : header;
    this.say(report);
    const next = reader(floats);
    const numbers = report.tensors.map(({ shape }) => next(numel(shape)));
    this.hints.hidden = !report.tensors.length;
    this.grids.update(report.tensors, numbers, report.cell, this.header.labels);
    this.grids.again.hidden = !this.cells;
    this.open(report.cell);
    this.root.dataset.answer = String(header.number);
  }

  // What stands around the tensors.
  /** @param {OperatorHeader} header */
  say({ why, error, formula: lines, verdict, printed }) {
    const { labels } = this.header;
    showIn(this.why, ...why.map((line) => el('p', '', line)));
    showIn(this.error, ...(error ? [el('p', '', labels.refuses), el('pre', '', error)] : []));
    showIn(this.verdict, ...(verdict ? [`${verdict.right ? '✓ ' : ''}${verdict.sentence}`] : []));
    this.verdict.classList.toggle('right', Boolean(verdict?.right));
    const head = el('h2', '', labels.shape);
    showIn(this.shape, ...(lines.length ? [head, ...lines.map(line)] : []));
    this.printed.hidden = !printed;
    this.output.textContent = printed;
  }

  /** @param {import('./payload.js').OpenedCell | null} cell */
  open(cell) {
    if (!cell) {
      showIn(this.numberPanel);
      return;
    }
    const title = el('h2', '', fill(this.header.labels.opened, { cell: cell.title }));
    showIn(this.numberPanel, title, ...cell.lines.map(line), el('p', '', cell.comparison));
  }
}

/** @type {OperatorHeader} */
const NOTHING = {
  why: [],
  error: '',
  formula: [],
  waits: false,
  verdict: null,
  tensors: [],
  cell: null,
  printed: '',
};

const line = (/** @type {string} */ tex) => el('div', 'line', formula(tex, true));

/** @param {HTMLElement} box @param {...(Node | string)} children of which there may be none: then it is hidden */
function showIn(box, ...children) {
  box.hidden = !children.length;
  box.replaceChildren(...children);
}
