// @ts-check
// The elements of the fit and what is painted on them: a bar, three plots, the matrices, the step and its reasons.

import { el, fill } from '../lib/dom.js';
import { formula } from '../lib/formula.js';
import { decimal } from '../lib/numbers.js';
import { LossCurve, WeightCurves } from './curves.js';
import { Matrices, stepLines } from './matrices.js';
import { lossAt } from './model.js';
import { COLORS } from './style.js';
import { SurfaceView } from './surface.js';

/**
 * @typedef {import('./payload.js').FitWords} FitWords
 * @typedef {import('./payload.js').FitHeader} FitHeader
 * @typedef {import('./model.js').Training} Training
 *
 * @typedef {object} Acts what the reader does
 * @property {() => void} toggle plays, or pauses
 * @property {() => void} pace
 * @property {(by: number) => void} step
 * @property {(to: number) => void} go
 * @property {() => void} hold a key on the slider
 * @property {(weight: number) => void} choose
 *
 * @typedef {object} Shown
 * @property {Training} training
 * @property {Training | null} ghost the training before
 * @property {import('./model.js').Ground | null} ground
 * @property {number} at
 * @property {number} weight the one that is looked at
 * @property {number[]} range of the weights
 * @property {number[]} decades of the losses, as exponents of ten
 */

const LAWS = [
  'L(W) = \\frac{1}{2 N} \\sum (X W - Y)^2',
  'H = \\frac{\\partial^2 L}{\\partial w_j^2} = \\frac{1}{N} X^{\\top} X',
  'w_{t+1} - w^* = (1 - lr \\cdot \\lambda) (w_t - w^*)',
];
const READ_MS = 100; // numbers that change more often cannot be read
const [LEFT, BESIDE] = [44, 52]; // pixels of a canvas that are not for the curves: on the left, on both sides

export class FitView {
  /**
   * @param {FitWords} words
   * @param {Acts} acts
   * @param {HTMLElement} under the controls that stand below the surface
   */
  constructor(words, acts, under) {
    this.words = words;
    this.acts = acts;
    /** @type {Shown | null} */
    this.state = null;
    this.why = el('p', { class: 'why', role: 'alert', hidden: true });
    this.button = el('button', { type: 'button', class: 'fit-play', title: '', onclick: acts.toggle });
    this.paceButton = el('button', { type: 'button', onclick: acts.pace });
    this.slider = el('input', { type: 'range', min: 0, step: 1, max: 1, 'aria-label': words.iteration });
    this.slider.addEventListener('input', () => acts.go(Number(this.slider.value)));
    // A key that leaves the value as it is, such as Home at the start, sends no input event.
    this.slider.addEventListener('keydown', (event) => event.key !== 'Tab' && acts.hold());
    this.where = el('output', { 'aria-live': 'off' }); // while it plays they change with each frame
    this.bar = el('div', 'fit-bar', this.button, this.stepper('−1', -1), this.stepper('+1', 1));
    this.bar.append(this.paceButton, this.slider, this.where);
    this.weights = new WeightCurves(canvasOf(words.weights));
    this.loss = new LossCurve(canvasOf(words.loss));
    this.surface = new SurfaceView(canvasOf(words.surface, 'fit-surface'));
    this.surface.canvas.title = words.valley;
    this.surface.canvas.addEventListener('pointermove', (event) => this.sayPoint(event));
    this.surface.canvas.addEventListener('pointerleave', () => this.sayPoint(null));
    for (const { canvas } of [this.weights, this.loss]) this.listen(canvas);
    this.point = el('output', { 'aria-live': 'off' });
    under.append(this.point);
    this.noSurface = el('p', { class: 'why', hidden: true });
    this.plots = el(
      'div',
      'fit-plots',
      figure(words.weights, this.weights.canvas),
      figure(words.surface, this.surface.canvas, this.noSurface, under),
      figure(words.loss, this.loss.canvas),
    );
    const names = words.names.map((name, i) =>
      el('span', {}, el('i', { style: `background: ${COLORS[i]}` }), name),
    );
    this.legend = el('div', 'fit-legend', ...names);
    this.limit = el('p', { class: 'fit-limit', role: 'status' });
    this.matrices = new Matrices(words.matrices, words.names, acts.choose);
    this.step = el('div', 'fit-step');
    this.key = ''; // which step's
    this.last = { at: 0, now: 0 };
    this.announcement = el('div', { class: 'fit-said', 'aria-live': 'polite' });
    this.ended = el('p', { class: 'fit-end' });
    this.reasons = el('div', 'fit-reasons');
    this.folded = el('details', {}, el('summary', '', words.why), this.reasons);
    this.answered = [this.bar, this.plots, this.legend, this.limit, this.matrices.root, this.step, this.ended];
  }

  /** In the order in which they stand. */
  get parts() {
    const above = [this.why, this.bar, this.plots, this.legend, this.limit];
    return [...above, this.matrices.root, this.step, this.announcement, this.ended, this.folded];
  }

  /** @param {string} text @param {number} by iterations */
  stepper(text, by) {
    const name = by < 0 ? this.words.back : this.words.forth;
    const label = `${text} ${name}`;
    return el(
      'button',
      { type: 'button', title: name, 'aria-label': label, onclick: () => this.acts.step(by) },
      text,
    );
  }

  /** A press on curves, and a drag over them, leads to that iteration. @param {HTMLCanvasElement} canvas */
  listen(canvas) {
    const scrub = (/** @type {PointerEvent} */ event) => {
      const box = canvas.getBoundingClientRect();
      const share = (event.clientX - box.left - LEFT) / (box.width - BESIDE);
      this.acts.go(Math.round(share * (this.state?.training.total ?? 0)));
    };
    canvas.addEventListener('pointerdown', (event) => {
      canvas.setPointerCapture(event.pointerId);
      scrub(event);
    });
    canvas.addEventListener('pointermove', (event) => event.buttons && scrub(event));
  }

  /** @param {string} why there is nothing to show */
  refuse(why) {
    this.why.textContent = why;
    this.why.hidden = false;
    for (const part of [...this.answered, this.folded]) part.hidden = true;
  }

  /** What a message says in words. @param {FitHeader} header */
  tell(header) {
    this.noSurface.textContent = header.why;
    this.noSurface.hidden = !header.why;
    this.surface.canvas.hidden = Boolean(header.why);
    this.ended.textContent = header.end;
    if (header.diverged) this.folded.open = true;
    if (header.first) return;
    this.why.hidden = true;
    for (const part of [...this.answered, this.folded]) part.hidden = false;
    this.limit.textContent = header.limit;
    const laws = LAWS.map((line) => el('div', 'line', formula(line, true)));
    const reasons = [...header.reasons, this.words.valley].map((line) => el('p', '', line));
    this.reasons.replaceChildren(...laws, ...reasons);
  }

  /** @param {import('./playback.js').Playback} playback */
  sayButtons({ playing, pace }) {
    const { words } = this;
    this.button.textContent = playing ? words.pause : words.play;
    this.paceButton.textContent = words.paces[pace];
    this.paceButton.title = words.pace;
  }

  /**
   * Paints the curves; the numbers too, but in frames that follow one another only as often as they can be read.
   *
   * @param {Shown} state
   * @param {number} [now] of a frame while it plays
   */
  paint(state, now) {
    this.state = state;
    const { training, at, weight, ghost, range, decades } = state;
    this.weights.draw(training, at, weight, range);
    this.loss.draw(training, at, ghost, decades);
    this.surface.draw(training, at, this.words.names);
    this.slider.max = String(training.total);
    this.slider.value = String(at);
    if (now === undefined) this.write();
    else if (at !== this.last.at && now - this.last.now >= READ_MS) {
      this.write();
      this.last = { at, now };
    }
  }

  /** Writes the numbers of the iteration that is shown. */
  write() {
    if (!this.state) return;
    const { training, at, weight } = this.state;
    const { words } = this;
    this.matrices.write(training, at, weight);
    const counts = { at: at.toLocaleString('en'), done: training.total.toLocaleString('en') };
    this.where.textContent = fill(words.where, counts);
    const key = `${training.name} ${at} ${weight} ${training.diverged} ${training.total}`;
    if (key !== this.key) this.step.replaceChildren(...stepLines(training, at, weight, words));
    this.key = key;
    this.sayPoint(null);
    this.name();
  }

  /** The curves and the surface in numbers, for a screen reader. */
  name() {
    if (!this.state) return;
    const { training, at } = this.state;
    const { words } = this;
    const pairs = words.names.map((name, i) => {
      const [learned, goal] = [training.weights[at * 6 + i], training.header.target[i]];
      return `${name} ${decimal(learned)} (${decimal(goal)})`;
    });
    const losses = [1, at].filter((k) => k <= at).map((k) => `${k}: ${decimal(training.losses[k - 1], 6)}`);
    const call = (
      /** @type {{ canvas: HTMLCanvasElement }} */ { canvas },
      /** @type {string} */ name,
      /** @type {string} */ text,
    ) => canvas.setAttribute('aria-label', text ? `${name}: ${text}` : name);
    call(this.weights, words.weights, pairs.join(', '));
    call(this.loss, words.loss, [...new Set(losses)].join(' → '));
    call(this.surface, words.surface, this.point.textContent ?? '');
  }

  /** The loss below the pointer, or else at the point of the path. @param {PointerEvent | null} event */
  sayPoint(event) {
    const { state, words } = this;
    if (!state?.ground) {
      this.point.textContent = '';
      return;
    }
    const { ground, training, at } = state;
    const pair = [ground.facts.across, ground.facts.upward];
    const [x, y] = pair.map((weight) => training.weights[at * 6 + weight]);
    const under = event && this.surface.under(event);
    const loss = under ? under.loss : lossAt(ground, x, y);
    const [first, second] = pair.map((weight) => words.names[weight]);
    const place = under && `${first} ${decimal(under.x)}, ${second} ${decimal(under.y)}`;
    const sentence = fill(under ? words.under : words.point, { place, loss: decimal(loss, 6) });
    this.point.textContent = Number.isNaN(loss) ? '' : sentence;
  }

  say() {
    this.announcement.textContent = `${this.where.textContent}. ${this.step.textContent}`;
  }
}

/** @param {string} name @param {string} kind */
const canvasOf = (name, kind = '') => el('canvas', { class: kind, role: 'img', 'aria-label': name });

/** @param {string} title @param {Node[]} parts */
const figure = (title, ...parts) => el('figure', {}, el('figcaption', '', title), ...parts);
