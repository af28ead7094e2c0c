// @ts-check
// One layer: its settings, the formula, the sliding window and the facts, all of which follow the hand.
//
// The settings are the hand's; Python is asked over the live channel (core/live/convolution) and told when it rests.

import { CONTROLS_STYLE } from '../lib/controls.js';
import { el } from '../lib/dom.js';
import { formula } from '../lib/formula.js';
import { Instrument } from '../lib/instrument.js';
import { drawing } from '../lib/lifecycle.js';
import { applyChange, CHANNELS } from './model.js';
import { join } from './scene.js';
import { SlidingWindow } from './sliding_window.js';
import { LAYER_STYLE, STYLE } from './style.js';

/**
 * @typedef {import('./payload.js').Around} Around
 * @typedef {import('./payload.js').LayerHeader} LayerHeader
 * @typedef {import('./payload.js').LayerLabels} LayerLabels
 */

export default drawing({
  mount: (/** @type {import('../lib/lifecycle.js').Component<Uint8Array>} */ component) => new Layer(component),
  update: (layer, component) => layer.hear(component),
  end: (layer) => layer.end(),
});

/** @extends {Instrument<LayerLabels, LayerHeader>} */
class Layer extends Instrument {
  pins = 0; // reports
  window = new SlidingWindow((cell) => this.tell('pin', { cell, count: ++this.pins }));
  head = el('h2', 'shapes');
  why = el('p', { class: 'why', role: 'alert', hidden: true });
  verdict = el('div', { class: 'verdict', role: 'status', hidden: true });
  formulas = el('div', 'formulas');
  remarks = el('ul', 'remarks');
  facts = el('dl', 'facts');
  short = el('div', 'short');
  folded = el('details', 'group');
  answered = [this.head, this.formulas, this.window.root, this.remarks, this.facts, this.folded];
  root = el('div', 'layer');

  /** @override @param {import('../lib/lifecycle.js').Component<Uint8Array>} component */
  hear(component) {
    const before = this.heard?.session;
    super.hear(component);
    if (before && before !== this.header.session) this.window.tellAgain(); // the server has started again
  }

  /** @override */
  build() {
    const { labels } = this.header;
    delete this.root.dataset.answer;
    this.controls = this.controlsOf();
    const channels = el('details', 'group', el('summary', '', labels.channels));
    channels.append(...CHANNELS.map((name) => this.controls.of(name).root));
    this.controls.root.append(channels);
    this.folded.replaceChildren(el('summary', '', labels.short), this.short);
    const guess = el('div', 'guess', this.controls.of('guess').root, this.controls.of('guessed').root);
    const follows = el('div', 'follows', this.lost, this.why, guess, this.verdict, this.head, this.formulas);
    follows.append(this.controls.of('filter').root, this.window.root, this.remarks, this.facts, this.folded);
    this.root.replaceChildren(this.controls.root, follows);
    this.host.replaceChildren(el('style', '', STYLE + CONTROLS_STYLE + LAYER_STYLE), this.root);
  }

  /** @override */
  show() {
    this.controls.show(this.values);
  }

  /** @override @param {import('../lib/settings.js').Values} changes */
  change(changes) {
    const [[name, value]] = Object.entries(changes);
    super.change(applyChange(this.values, name, value, this.header.labels.sides));
  }

  /** @override @param {import('../lib/live.js').Reply<LayerHeader>} header @param {Float32Array} floats */
  answer(header, floats) {
    if ('over' in header) return;
    const why = ('refusal' in header ? header.refusal : header.why) ?? '';
    this.why.hidden = !why;
    if (this.why.textContent !== why) this.why.textContent = why;
    const { around, drawing, captions } = 'refusal' in header ? NOTHING : header;
    const waits = Boolean(this.values.guess && around && !around.verdict); // for a guess
    for (const part of this.answered) part.hidden = waits || !around;
    this.showGuess(around);
    this.showSettings(around);
    if (around) this.showAround(around);
    this.window.root.hidden = !drawing || waits;
    if (drawing && captions) {
      const { labels } = this.header;
      this.window.update({ ...join(drawing, floats), labels: { ...labels, ...captions }, pin: labels.pin });
    }
    this.root.dataset.answer = String(header.number);
  }

  /** @param {Around | null} around */
  showGuess(around) {
    const verdict = around?.verdict;
    this.verdict.hidden = !verdict;
    this.verdict.className = `verdict ${verdict?.right ? 'right' : ''}`;
    this.verdict.replaceChildren(...(verdict?.sentences ?? []).map((line) => el('p', '', line)));
    this.controls.of('guessed').root.hidden = !this.values.guess || !around;
    if (around) this.controls.of('guessed').rename(around.question);
  }

  /**
   * What the controls show that depends on the layer: directions, and how many filters there are.
   *
   * @param {Around | null} around
   */
  showSettings(around) {
    const { declared, words, labels } = this.header;
    for (const { name } of declared) {
      if (!words[`${name}_w`]) continue;
      this.controls.of(name).rename(words[name].label + (this.values.apart ? ' ↕' : ''));
    }
    const filter = this.controls.of('filter');
    filter.root.hidden = !around || around.outputs === 1;
    if (!around) return;
    filter.limit(around.outputs - 1);
    filter.show(around.filter);
    const learns = ['conv', 'transposed'].includes(String(this.values.kind));
    filter.rename(learns ? words.filter.label : labels.one_channel);
  }

  /** @param {Around} around */
  showAround({ head, formulas, short, remarks, facts }) {
    const badge = el('span', `badge ${head.agrees ? 'good' : 'bad'}`, `${head.agrees ? '✓ ' : ''}${head.badge}`);
    this.head.replaceChildren(el('span', '', head.shapes), ' ', badge);
    this.formulas.replaceChildren(
      ...formulas.map(({ name, lines }) =>
        el(
          'div',
          '',
          name ? el('div', 'direction', name) : '',
          ...lines.map((line) => el('div', 'line', formula(line, true))),
        ),
      ),
    );
    this.remarks.replaceChildren(...remarks.map((line) => el('li', '', line)));
    this.facts.replaceChildren(
      ...facts.map(({ name, number, remark }) =>
        el('div', '', el('dt', '', name), el('dd', '', number), remark ? el('dd', '', remark) : ''),
      ),
    );
    this.short.replaceChildren(
      short.latex ? el('div', 'line', formula(short.latex, true)) : '',
      ...short.remarks.map((line) => el('p', '', line)),
    );
  }

  /** @override */
  end() {
    super.end();
    this.window.end();
  }
}

/** @type {LayerHeader} */
const NOTHING = { drawing: null, captions: null, why: null, around: null };
