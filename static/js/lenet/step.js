// @ts-check
// A training step: what goes into it is chosen here and follows the hand, and the walk shows what it does.
//
// The settings are the hand's; Python takes the step (core/live/lenet) and sends its tensors where they are others.

import { CONTROLS_STYLE } from '../lib/controls.js';
import { el } from '../lib/dom.js';
import { Instrument } from '../lib/instrument.js';
import { drawing } from '../lib/lifecycle.js';
import { STYLE as PICTURE_STYLE } from '../network/style.js';
import { STYLE } from './style.js';
import { Walk } from './walk.js';

const MAIN = ['loss', 'opt', 'lr'];
const MORE = ['input', 'digit', 'weights', 'target', 'seed', 'before', 'train', 'xgrad'];

/**
 * @typedef {import('./payload.js').StepAnswer} StepAnswer
 * @typedef {StepAnswer | import('./payload.js').OpeningAnswer | import('./payload.js').ChecksAnswer} Answer
 * @typedef {import('./payload.js').StepLabels} Labels
 * @typedef {import('../lib/lifecycle.js').Component<Uint8Array>} Component
 */

export default drawing({
  mount: (/** @type {Component} */ component) => new Step(component),
  update: (step, component) => step.hear(component),
  end: (step) => step.end(),
});

/** @extends {Instrument<Labels, Answer>} */
class Step extends Instrument {
  more = el('details', 'more');
  why = el('p', { class: 'why', role: 'alert', hidden: true });
  stepNumber = -1; // the number of the question to which the step came that is here

  /** @param {Component} component */
  constructor(component) {
    super(component);
    this.walk = new Walk(this.host, {
      values: () => this.values,
      move: (changes) => this.hand?.move(changes),
      hold: (holds) => this.hand?.hold(holds),
      ask: () => this.ask(),
    });
  }

  /** @override @param {Component} component */
  hear(component) {
    const before = this.heard;
    super.hear(component);
    if (!before) return;
    const { session, stamp, after, labels } = this.header;
    const led = session === before.session && stamp !== before.stamp && (this.hand?.count ?? 0) <= after;
    if (led) this.walk.lead(Number(this.values.at)); // a link, or the back button
    if (led || labels.source !== before.labels.source) this.ask(); // another network, or the server has started again
  }

  /** @override */
  build() {
    const { labels, words } = this.header;
    const has = (/** @type {string} */ name) => name in words;
    this.controls = this.controlsOf(has);
    const of = (/** @type {string} */ name) => this.controls.of(name).root;
    this.more.replaceChildren(el('summary', {}, labels.more), el('div', 'room', ...MORE.filter(has).map(of)));
    this.controls.root.replaceChildren(...MAIN.map(of), this.more);
    this.walk.rename(labels.stage, labels.picture);
    const title = el('h2', 'heard', labels.settings);
    const root = el('div', 'step', title, this.controls.root, this.lost, this.why, this.walk.root);
    this.host.replaceChildren(el('style', '', CONTROLS_STYLE + PICTURE_STYLE + STYLE), root);
  }

  /** @override */
  show() {
    this.controls.show(this.values);
  }

  /** @override @param {import('../lib/settings.js').Values} changes */
  change(changes) {
    const another = 'digit' in changes || 'input' in changes;
    super.change(another ? { ...changes, target: 'label' } : changes); // the target follows the image
  }

  /** @override */
  ask() {
    const { labels, language } = this.header;
    this.line?.ask({ ...this.values, ...this.walk.asking(this.values), source: labels.source }, language);
  }

  /** @override @param {import('../lib/live.js').Reply<Answer>} header @param {Float32Array} floats */
  answer(header, floats) {
    const { walk } = this;
    const refusal = 'refusal' in header ? header.refusal : '';
    if (refusal && this.stepNumber === header.number)
      walk.refuse(refusal); // the step is here
    else if (refusal || 'walk' in header) {
      this.why.textContent = refusal;
      this.why.hidden = !refusal;
      walk.root.hidden = Boolean(refusal);
    }
    if ('walk' in header) this.take(header, floats);
    else if ('contents' in header) this.open(header, floats);
    else if ('checks' in header) walk.check(header);
    walk.root.dataset.answer = String(header.number);
  }

  /** @param {StepAnswer & { number: number }} header @param {Float32Array} floats */
  take({ number, key, walk, label }, floats) {
    this.stepNumber = number;
    const isHere = walk ? this.walk.take(walk, floats, key, Number(this.values.at)) : this.walk.stepKey === key;
    if (!isHere) this.ask(); // an answer that came between brought another step
    this.sayLabel(label);
  }

  /** @param {import('./payload.js').OpeningAnswer} header @param {Float32Array} floats */
  open(header, floats) {
    this.walk.receive(header, floats);
    if (this.walk.stepKey !== header.key) this.ask(); // likewise
  }

  /** @param {number} label */
  sayLabel(label) {
    const option = this.controls.all.get('target')?.input.querySelector('option');
    const { options } = this.header.words.target;
    if (option && options) option.textContent = `${options.label}: ${label}`;
  }

  /** @override */
  end() {
    super.end();
    this.walk.end();
  }
}
