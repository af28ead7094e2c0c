// @ts-check
// One operator: its arguments, the shape, the tensors of both passes and one opened cell, all of which follow the hand.

import { CONTROLS_STYLE } from '../lib/controls.js';
import { el, fill } from '../lib/dom.js';
import { formula } from '../lib/formula.js';
import { Instrument } from '../lib/instrument.js';
import { drawing } from '../lib/lifecycle.js';
import { reader } from '../lib/message.js';
import { numel } from '../lib/shape.js';
import { changed, changes } from './cells.js';
import { Grids } from './grid.js';
import { STYLE } from './style.js';

export default drawing({
  mount: (component) => new Operator(component),
  update: (operator, component) => operator.hear(component),
  end: (operator) => operator.end(),
});

class Operator extends Instrument {
  /** @override */
  build() {
    const { labels, words } = this.header;
    this.controls = this.controlsOf((name) => name in words);
    this.grids = new Grids({
      open: (tensor, at) => this.change({ cell: `${tensor}.${at}` }),
      set: (place, number) =>
        this.change({ [labels.cells]: changed(String(this.values[labels.cells]), place, number) }),
      now: (place) => changes(String(this.values[labels.cells])).get(place),
      reset: () => this.change({ [labels.cells]: '' }),
      hold: (holds) => this.hand?.hold(holds),
    });
    this.why = el('div', { class: 'why', role: 'alert', hidden: true });
    this.error = el('div', { class: 'error', role: 'alert', hidden: true });
    this.verdict = el('p', { class: 'verdict', role: 'status', hidden: true });
    this.shape = el('div', { class: 'shape', hidden: true });
    this.hints = el('div', 'hint', el('p', '', labels.hint), el('p', '', labels.edit));
    this.opened = el('section', { class: 'opened', hidden: true });
    this.printed = el('details', { class: 'printed', hidden: true }, el('summary', '', labels.printed), el('pre'));
    const ask = el('div', 'ask', this.controls.of('ask').root, this.controls.of(labels.guess).root);
    const follows = el('div', 'follows', this.lost, this.error, this.why, ask, this.verdict, this.shape);
    follows.append(this.hints, this.grids.root, this.opened, this.printed);
    const root = el('div', 'one-operator', this.controls.root, follows);
    this.host.replaceChildren(el('style', '', CONTROLS_STYLE + STYLE), root);
    this.root = root;
  }

  /** @override */
  show() {
    this.controls?.show(this.values);
  }

  /** @override @param {any} header @param {Float32Array} floats */
  answer(header, floats) {
    if (header.refusal) header = { ...NOTHING, why: [header.refusal], number: header.number };
    if (header.of) this.grids?.know(header.of, header.sources);
    if (header.of || !header.tensors || !this.root) return;
    this.say(header);
    const next = reader(floats);
    const numbers = header.tensors.map(({ shape }) => next(numel(shape)));
    const { labels } = this.header;
    this.hints.hidden = !header.tensors.length;
    this.grids.update(header.tensors, numbers, header.cell, labels);
    if (this.grids.again) this.grids.again.hidden = !this.values[labels.cells];
    this.open(header.cell);
    this.root.dataset.answer = String(header.number);
  }

  // What stands around the tensors.
  /** @param {import('./payload.js').OperatorHeader} header */
  say({ why, error, formula: lines, verdict, printed }) {
    const { labels } = this.header;
    showIn(this.why, ...why.map((line) => el('p', '', line)));
    showIn(this.error, ...(error ? [el('p', '', labels.refuses), el('pre', '', error)] : []));
    showIn(this.verdict, ...(verdict ? [`${verdict.right ? '✓ ' : ''}${verdict.said}`] : []));
    this.verdict.classList.toggle('right', Boolean(verdict?.right));
    const head = el('h2', '', labels.shape);
    showIn(this.shape, ...(lines.length ? [head, ...lines.map(line)] : []));
    this.printed.hidden = !printed;
    this.printed.lastElementChild.textContent = printed;
  }

  /** @param {import('./payload.js').OpenedCell | null} cell */
  open(cell) {
    if (!cell) {
      showIn(this.opened);
      return;
    }
    const title = el('h2', '', fill(this.header.labels.opened, { cell: cell.title }));
    showIn(this.opened, title, ...cell.lines.map(line), el('p', '', cell.said));
  }
}

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
