// @ts-check
// A training that begins again with each setting, and is played while it trains: six weights, the loss, its surface.
//
// The settings are the hand's; Python trains (core/live/linear_fit) and sends the iterations as they are done.

import { lossRange } from '../lib/axes.js';
import { CONTROLS_STYLE } from '../lib/controls.js';
import { el, fill } from '../lib/dom.js';
import { formula } from '../lib/formula.js';
import { Instrument } from '../lib/instrument.js';
import { drawing } from '../lib/lifecycle.js';
import { decimal } from '../lib/numbers.js';
import { LossCurve, WeightCurves } from './curves.js';
import { Matrices, stepLines } from './matrices.js';
import { begun, lossAt, perSecond, take, weightRange } from './model.js';
import { COLORS, STYLE } from './style.js';
import { SurfaceView } from './surface.js';

const MAIN = ['lr', 'batch', 'optimizer', 'iterations'];
const MORE = ['samples', 'noise', 'seed'];
const LAWS = [
  'L(W) = \\frac{1}{2 N} \\sum (X W - Y)^2',
  'H = \\frac{\\partial^2 L}{\\partial w_j^2} = \\frac{1}{N} X^{\\top} X',
  'w_{t+1} - w^* = (1 - lr \\cdot \\lambda) (w_t - w^*)',
];

export default drawing({
  mount: (component) => new Player(component),
  update: (player, component) => player.hear(component),
  end: (player) => player.end(),
});

class Player extends Instrument {
  /** @param {import('../lib/lifecycle.js').Component} component */
  constructor(component) {
    super(component);
    this.at = 0;
    this.chosen = 0;
    this.pace = 0;
    this.playing = false;
    /** @type {import('./model.js').Training | null} */
    this.training = null;
    /** @type {import('./model.js').Training | null} */
    this.ghost = null;
    /** @type {import('./model.js').Ground | null} */
    this.ground = null;
    this.observer = new ResizeObserver(() => this.paint());
    this.tick = (/** @type {number} */ now) => this.play(now);
  }

  /** @override */
  build() {
    const words = /** @type {import('./payload.js').FitWords} */ (/** @type {any} */ (this.header.labels));
    this.words = words;
    this.controls = this.controlsOf();
    this.arrange();
    this.why = el('p', { class: 'why', role: 'alert', hidden: true });
    this.buildBar();
    this.buildPlots();
    this.limit = el('p', { class: 'fit-limit', role: 'status' });
    this.matrices = new Matrices(words.matrices, words.names, (cell) => {
      this.chosen = cell;
      this.paint();
    });
    this.step = el('div', 'fit-step');
    this.said = el('div', { class: 'fit-said', 'aria-live': 'polite' });
    this.ended = el('p', { class: 'fit-end' });
    this.reasons = el('div', 'fit-reasons');
    this.folded = el('details', {}, el('summary', '', words.why), this.reasons);
    this.answered = [this.bar, this.plots, this.legend, this.limit, this.matrices.root, this.step, this.ended];
    const root = el('div', 'fit', this.controls.root, this.lost, this.why, this.bar, this.plots, this.legend);
    root.append(this.limit, this.matrices.root, this.step, this.said, this.ended, this.folded);
    this.host.replaceChildren(el('style', '', CONTROLS_STYLE + STYLE), root);
    this.root = root;
    this.observer.disconnect();
    this.observer.observe(root);
    this.surface.lay(this.ground);
    this.sayButtons();
  }

  // The four main settings in a row, the others folded away; two of them stand below the surface.
  arrange() {
    const { controls, words } = this;
    const of = (/** @type {string} */ name) => controls.of(name).root;
    const cells = this.header.declared.map(({ name }) => name).filter((name) => /^w\d\d$/.test(name));
    const room = el('div', 'room', ...MORE.map(of), el('div', 'matrix', ...cells.map(of)));
    const more = el('details', 'fit-more', el('summary', '', words.more), room);
    controls.root.replaceChildren(...MAIN.map(of), more);
  }

  buildBar() {
    const { words } = this;
    const button = (/** @type {string} */ text, /** @type {() => void} */ onclick, name = '') =>
      el('button', { type: 'button', onclick, title: name, 'aria-label': name && `${text} ${name}` }, text);
    this.button = button('', () => (this.playing ? this.pause() : this.start()));
    this.button.className = 'fit-play';
    const back = button('−1', () => this.go(this.at - 1), words.back);
    const forth = button('+1', () => this.go(this.at + 1), words.forth);
    this.paceButton = button('', () => {
      this.pace = (this.pace + 1) % 3;
      this.started = null;
      this.sayButtons();
    });
    this.slider = el('input', { type: 'range', min: 0, step: 1, max: 1, 'aria-label': words.iteration });
    this.slider.addEventListener('input', () => this.go(Number(this.slider.value)));
    // A key that leaves the value as it is, such as Home at the start, sends no input event.
    this.slider.addEventListener('keydown', (event) => {
      if (event.key !== 'Tab' && this.playing) this.pause();
    });
    this.where = el('output');
    this.bar = el('div', 'fit-bar', this.button, back, forth, this.paceButton, this.slider, this.where);
  }

  buildPlots() {
    const { words } = this;
    const figure = (/** @type {string} */ title, /** @type {Node[]} */ ...parts) =>
      el('figure', {}, el('figcaption', '', title), ...parts);
    const canvas = (/** @type {string} */ name, kind = '') =>
      el('canvas', { class: kind, role: 'img', 'aria-label': name });
    this.weightCurves = new WeightCurves(canvas(words.weights));
    this.lossCurve = new LossCurve(canvas(words.loss));
    this.surface = new SurfaceView(canvas(words.surface, 'fit-surface'));
    this.point = el('output');
    const under = el(
      'div',
      'fit-under',
      this.controls.of('across').root,
      this.controls.of('upward').root,
      this.point,
    );
    this.noSurface = el('p', { class: 'why', hidden: true });
    this.plots = el(
      'div',
      'fit-plots',
      figure(words.weights, this.weightCurves.canvas),
      figure(words.surface, this.surface.canvas, this.noSurface, under),
      figure(words.loss, this.lossCurve.canvas),
    );
    this.plots.title = '';
    this.surface.canvas.title = words.valley;
    const names = words.names.map((name, i) =>
      el('span', {}, el('i', { style: `background: ${COLORS[i]}` }), name),
    );
    this.legend = el('div', 'fit-legend', ...names);
    for (const each of [this.weightCurves.canvas, this.lossCurve.canvas]) this.listen(each);
    this.surface.canvas.addEventListener('pointermove', (event) => this.point && this.sayPoint(event));
    this.surface.canvas.addEventListener('pointerleave', () => this.paint());
  }

  /** A press on curves, and a drag over them, leads to that iteration. @param {HTMLCanvasElement} canvas */
  listen(canvas) {
    const scrub = (/** @type {PointerEvent} */ event) => {
      const box = canvas.getBoundingClientRect();
      const share = (event.clientX - box.left - 44) / (box.width - 52);
      this.go(Math.round(share * (this.training?.total ?? 0)));
    };
    canvas.addEventListener('pointerdown', (event) => {
      canvas.setPointerCapture(event.pointerId);
      scrub(event);
    });
    canvas.addEventListener('pointermove', (event) => event.buttons && scrub(event));
  }

  /** @override */
  show() {
    this.controls.show(this.values);
  }

  /** @override @param {any} header @param {Float32Array} floats */
  answer(header, floats) {
    if (!this.root) return;
    if (header.refusal) this.refuse(header.refusal);
    else if (header.count) this.takeIn(header, floats);
    this.root.dataset.answer = String(header.number);
    if (header.last) this.root.dataset.whole = String(header.number);
  }

  /** @param {string} why */
  refuse(why) {
    this.pause();
    this.why.textContent = why;
    this.why.hidden = false;
    for (const part of [...this.answered, this.folded]) part.hidden = true;
  }

  /** @param {import('./payload.js').FitHeader} header @param {Float32Array} floats */
  takeIn(header, floats) {
    const isNew = header.fit !== this.training?.name;
    if (isNew && header.first) return; // its first iterations were not heard
    if (isNew) this.beginAnew(header);
    const { training } = this;
    const ground = take(training, header, floats);
    if (ground) this.ground = ground;
    if (header.why) this.ground = null;
    if (ground || header.why) this.surface.lay(this.ground);
    this.noSurface.textContent = header.why;
    this.noSurface.hidden = !header.why;
    this.surface.canvas.hidden = Boolean(header.why);
    if (!header.first) this.sayReasons(header);
    this.ended.textContent = header.end;
    if (header.diverged) this.folded.open = true;
    this.range = weightRange(training.weights.subarray(0, (training.have + 1) * 6), header.target);
    this.decades = lossRange(
      training.losses.subarray(0, training.have),
      this.ghost ? this.ghost.losses.subarray(0, this.ghost.have) : [],
    );
    this.slider.max = String(training.total);
    if (matchMedia('(prefers-reduced-motion: reduce)').matches && !this.stays) this.at = training.have;
    else if (isNew) this.start();
    this.paint();
  }

  /** @param {import('./payload.js').FitHeader} header */
  beginAnew(header) {
    const before = this.training;
    if (before && (before.have === before.total || !this.ghost)) this.ghost = before;
    this.training = begun(header);
    this.at = 0;
    this.stays = false;
  }

  /** @param {import('./payload.js').FitHeader} header */
  sayReasons(header) {
    this.why.hidden = true;
    for (const part of [...this.answered, this.folded]) part.hidden = false;
    this.limit.textContent = header.limit;
    const laws = LAWS.map((line) => el('div', 'line', formula(line, true)));
    this.reasons.replaceChildren(
      ...laws,
      ...[...header.reasons, this.words.valley].map((line) => el('p', '', line)),
    );
  }

  pause() {
    this.playing = false;
    cancelAnimationFrame(this.waiting ?? 0);
    this.sayButtons();
    this.say();
  }

  /** @param {number} to */
  go(to) {
    if (!this.training) return;
    if (this.playing) this.pause();
    this.stays = true;
    this.at = Math.max(0, Math.min(this.training.have, to || 0));
    this.paint();
    this.say();
  }

  start() {
    const { training } = this;
    if (!training) return;
    if (this.at >= training.total) this.at = 0;
    this.playing = true;
    this.started = null;
    cancelAnimationFrame(this.waiting ?? 0);
    this.waiting = requestAnimationFrame(this.tick);
    this.sayButtons();
  }

  /** One frame; where an iteration has not come yet, it is waited for. @param {number} now */
  play(now) {
    const { training } = this;
    if (!this.playing || !training || !this.root?.isConnected) return;
    if (typeof this.started !== 'number') {
      this.started = now;
      this.from = this.at;
    }
    const due = Math.floor(this.from + ((now - this.started) / 1000) * perSecond(this.pace, training.total));
    this.at = Math.min(training.have, due);
    if (due > training.have) this.started = null;
    this.paint();
    if (this.at >= training.total) this.pause();
    else this.waiting = requestAnimationFrame(this.tick);
  }

  sayButtons() {
    const { words } = this;
    this.button.textContent = this.playing ? words.pause : words.play;
    this.paceButton.textContent = words.paces[this.pace];
    this.paceButton.title = words.pace;
  }

  paint() {
    const { training, at, chosen, words } = this;
    if (!training || !this.root?.clientWidth) return;
    this.weightCurves.draw(training, at, chosen, this.range);
    this.lossCurve.draw(training, at, this.ghost, this.decades);
    this.surface.draw(training, at, words.names);
    this.matrices.write(training, at, chosen);
    const written = { at: at.toLocaleString('en'), done: training.total.toLocaleString('en') };
    this.where.textContent = fill(words.where, written);
    this.slider.value = String(at);
    this.step.replaceChildren(...stepLines(training, at, chosen, words));
    this.sayPoint(null);
  }

  /** The loss below the pointer, or else at the point of the path. @param {PointerEvent | null} event */
  sayPoint(event) {
    const { training, ground, words } = this;
    if (!training || !ground) {
      this.point.textContent = '';
      return;
    }
    const { across, upward } = ground.facts;
    const [x, y] = [across, upward].map((weight) => training.weights[this.at * 6 + weight]);
    const under = event && this.surface.under(event);
    const loss = under ? under.loss : lossAt(ground, x, y);
    const [first, second] = [across, upward].map((weight) => words.names[weight]);
    const place = under && `${first} ${decimal(under.x)}, ${second} ${decimal(under.y)}`;
    const said = fill(under ? words.under : words.point, { place, loss: decimal(loss, 6) });
    this.point.textContent = Number.isNaN(loss) ? '' : said;
  }

  say() {
    this.said.textContent = `${this.where.textContent}. ${this.step.textContent}`;
  }

  /** @override */
  end() {
    super.end();
    this.playing = false;
    cancelAnimationFrame(this.waiting ?? 0);
    this.observer.disconnect();
  }
}
