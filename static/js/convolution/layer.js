// @ts-check
// One layer: its settings, the formula, the sliding window and the facts, all of which follow the hand.
//
// The settings are the hand's; Python is asked over the live channel (core/live/convolution) and told when it rests.

import { CONTROLS_STYLE, Controls } from '../lib/controls.js';
import { el } from '../lib/dom.js';
import { formula } from '../lib/formula.js';
import { drawing } from '../lib/lifecycle.js';
import { live } from '../lib/live.js';
import { reader, unpack } from '../lib/message.js';
import { Hand } from '../lib/settings.js';
import { CHANNELS, followed } from './model.js';
import { join } from './scene.js';
import { LAYER_STYLE, STYLE } from './style.js';
import { SlidingWindow } from './window.js';

const LOST_MS = 1500; // without a connection for so long, it is said

export default drawing({
  mount: ({ parentElement }) => new Layer(parentElement),
  update(layer, { data, setStateValue }) {
    layer.tell = setStateValue;
    layer.hear(data);
  },
  end: (layer) => layer.end(),
});

class Layer {
  /** @param {HTMLElement & ShadowRoot} host */
  constructor(host) {
    this.host = host;
    /** @type {(name: string, value: unknown) => void} */
    this.tell = () => {};
    this.hand = new Hand((report) => this.tell('settings', report), {
      later: (act, ms) => setTimeout(act, ms),
      cancel: (timer) => clearTimeout(timer),
    });
    this.window = new SlidingWindow((pin) => this.tell('pin', pin));
    this.line = live().line('convolution', {
      answer: (header, floats) => this.answer(header, floats),
      connected: (is) => this.connected(is),
    });
    this.release = () => this.hand.hold(false);
    for (const name of ['pointerup', 'pointercancel']) addEventListener(name, this.release, true);
    this.words = '';
    this.kept = '';
  }

  // What Python says: the words, the settings where it is their source, the tensors of a picture or a network.
  hear(bytes) {
    const { header, floats } = unpack(bytes);
    const words = JSON.stringify([header.declared, header.words, header.labels.settings]);
    const isNew = words !== this.words;
    this.header = header;
    if (isNew) {
      this.words = words;
      this.build();
    }
    const moved = this.hand.hear(header);
    const brought = this.keep(header.tensors, floats);
    if (isNew || moved) this.controls.show(this.hand.values);
    if (isNew || moved || brought) this.ask();
  }

  keep(tensors, floats) {
    const next = reader(floats);
    const read = tensors.map(({ name, shape }) => ({
      name,
      shape,
      numbers: next(shape.reduce((a, b) => a * b, 1)),
    }));
    const text = JSON.stringify(read.map(({ name, shape, numbers }) => [name, shape, [...numbers]]));
    if (text === this.kept) return false;
    this.kept = text;
    for (const { name, shape, numbers } of read) this.line.keep(name, shape, numbers);
    return true;
  }

  build() {
    const { declared, words, labels } = this.header;
    this.controls = new Controls(declared, words, (name, value) => this.change(name, value));
    const channels = el('details', 'group', el('summary', '', labels.channels));
    channels.append(...CHANNELS.map((name) => this.controls.of(name).root));
    this.controls.root.append(channels);
    this.controls.root.setAttribute('role', 'group');
    this.controls.root.setAttribute('aria-label', labels.settings);
    this.controls.root.addEventListener('pointerdown', () => this.hand.hold(true));
    this.head = el('h2', 'shapes');
    this.why = el('p', { class: 'why', role: 'alert', hidden: true });
    this.lost = el('p', { class: 'lost', role: 'status', hidden: true }, labels.lost);
    this.verdict = el('div', { class: 'verdict', role: 'status', hidden: true });
    this.formulas = el('div', 'formulas');
    this.remarks = el('ul', 'remarks');
    this.facts = el('dl', 'facts');
    this.short = el('div', 'short');
    this.folded = el('details', 'group', el('summary', '', labels.short), this.short);
    this.answered = [this.head, this.formulas, this.window.root, this.remarks, this.facts, this.folded];
    const guess = el('div', 'guess', this.controls.of('guess').root, this.controls.of('guessed').root);
    const follows = el('div', 'follows', this.lost, this.why, guess, this.verdict, this.head, this.formulas);
    follows.append(this.controls.of('filter').root, this.window.root, this.remarks, this.facts, this.folded);
    const layer = el('div', { class: 'layer' }, this.controls.root, follows);
    this.host.replaceChildren(el('style', '', STYLE + CONTROLS_STYLE + LAYER_STYLE), layer);
    this.root = layer;
  }

  /** @param {string} name @param {number | string | boolean} value */
  change(name, value) {
    this.hand.move(followed(this.hand.values, name, value, this.header.labels.sides));
    this.controls.show(this.hand.values);
    this.ask();
  }

  ask() {
    this.line.ask(this.hand.values, this.header.language);
  }

  /** @param {any} header @param {Float32Array} floats */
  answer(header, floats) {
    if (!this.root) return;
    const why = header.refusal ?? header.why;
    this.why.hidden = !why;
    if (this.why.textContent !== (why ?? '')) this.why.textContent = why ?? '';
    const { around, frame, captions } = header;
    const waits = this.hand.values.guess && around && !around.verdict; // for a guess
    for (const part of this.answered) part.hidden = waits || !around;
    this.showGuess(around);
    this.showSettings(around);
    if (around) this.showAround(around);
    this.window.root.hidden = !frame || waits;
    if (frame)
      this.window.update({
        ...join(frame, floats),
        labels: { ...this.header.labels, ...captions },
        pin: this.header.labels.pin,
      });
    this.root.dataset.answer = String(header.number);
  }

  showGuess(around) {
    const verdict = around?.verdict;
    this.verdict.hidden = !verdict;
    this.verdict.className = `verdict ${verdict?.right ? 'right' : ''}`;
    this.verdict.replaceChildren(...(verdict?.said ?? []).map((line) => el('p', '', line)));
    this.controls.of('guessed').root.hidden = !this.hand.values.guess || !around;
    if (around) this.controls.of('guessed').rename(around.question);
  }

  // What the controls show that depends on the layer: directions, and how many filters there are.
  showSettings(around) {
    const { declared, words, labels } = this.header;
    for (const { name } of declared) {
      if (!words[`${name}_w`]) continue;
      this.controls.of(name).rename(words[name].label + (this.hand.values.apart ? ' ↕' : ''));
    }
    const filter = this.controls.of('filter');
    filter.root.hidden = !around || around.outputs === 1;
    if (!around) return;
    filter.limit(around.outputs - 1);
    filter.show(around.filter);
    const learns = ['conv', 'transposed'].includes(String(this.hand.values.kind));
    filter.rename(learns ? words.filter.label : labels.one_channel);
  }

  /** @param {import('./payload.js').Around} around */
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

  /** @param {boolean} is */
  connected(is) {
    clearTimeout(this.losing);
    const say = (/** @type {boolean} */ lost) => {
      if (this.lost) this.lost.hidden = !lost;
    };
    if (is) say(false);
    else this.losing = setTimeout(say, LOST_MS, true);
  }

  end() {
    clearTimeout(this.losing);
    for (const name of ['pointerup', 'pointercancel']) removeEventListener(name, this.release, true);
    this.hand.tell();
    this.line.end();
    this.window.end();
  }
}
