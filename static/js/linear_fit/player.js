// @ts-check
// A training that begins again with each setting, and is played while it trains: six weights, the loss, its surface.
//
// The settings are the hand's; Python trains (core/live/linear_fit) and sends the iterations as they are done.

import { lossRange, NONE } from '../lib/axes.js';
import { CONTROLS_STYLE } from '../lib/controls.js';
import { el } from '../lib/dom.js';
import { Instrument } from '../lib/instrument.js';
import { drawing } from '../lib/lifecycle.js';
import { onTheme } from '../lib/theme.js';
import { newTraining, take, weightRange } from './model.js';
import { Playback } from './playback.js';
import { STYLE } from './style.js';
import { FitView } from './view.js';

const MAIN = ['lr', 'batch', 'optimizer', 'iterations'];
const MORE = ['samples', 'noise', 'seed'];
const ANSWERS_MS = 100; // until the answer to a setting is here, the frames are left to it

/**
 * @typedef {import('./payload.js').FitHeader} FitHeader
 * @typedef {import('./payload.js').FitWords} FitWords
 */

export default drawing({
  mount: (/** @type {import('../lib/lifecycle.js').Component<Uint8Array>} */ component) => {
    const player = new Player(component);
    onTheme(player.root, () => player.paint());
    return player;
  },
  update: (player, component) => player.hear(component),
  end: (player) => player.end(),
});

/** @extends {Instrument<FitWords, FitHeader>} */
class Player extends Instrument {
  playback = new Playback();
  weight = 0;
  /** @type {import('./model.js').Training | null} */
  training = null;
  /** @type {import('./model.js').Training | null} */
  ghost = null;
  /** @type {import('./model.js').Ground | null} */
  ground = null;
  range = [0, 1];
  decades = [0, 1];
  waiting = 0; // for a frame
  since = -Infinity; // when, as long as nothing of the answer is here
  root = el('div', 'fit');
  /** @type {FitView | null} */
  fitView = null;
  observer = new ResizeObserver(() => this.paintSoon());

  /** The elements; `build` comes before all that asks for them. */
  get view() {
    if (!this.fitView) throw new Error('nothing is built yet');
    return this.fitView;
  }

  /** @override */
  build() {
    this.controls = this.controlsOf();
    this.arrange();
    const under = el('div', 'fit-under', this.controls.of('across').root, this.controls.of('upward').root);
    const view = new FitView(this.header.labels, this.acts(), under);
    this.fitView = view;
    delete this.root.dataset.answer;
    delete this.root.dataset.whole;
    this.root.replaceChildren(this.controls.root, this.lost, ...view.parts);
    this.host.replaceChildren(el('style', '', CONTROLS_STYLE + STYLE), this.root);
    this.observer.observe(this.root);
    view.surface.lay(this.ground);
    view.sayButtons(this.playback);
  }

  /** @returns {import('./view.js').Acts} */
  acts() {
    return {
      toggle: () => (this.playback.playing ? this.pause() : this.start()),
      pace: () => {
        this.playback.nextPace();
        this.view.sayButtons(this.playback);
      },
      step: (by) => this.go(this.playback.at + by),
      go: (to) => this.go(to),
      hold: () => this.playback.playing && this.pause(),
      choose: (weight) => {
        this.weight = weight;
        this.paintSoon();
      },
    };
  }

  // The four main settings in a row, the others folded away; two of them stand below the surface.
  arrange() {
    const { controls } = this;
    const { labels, declared } = this.header;
    const of = (/** @type {string} */ name) => controls.of(name).root;
    const cells = declared.map(({ name }) => name).filter((name) => /^w\d\d$/.test(name));
    const room = el('div', 'room', ...MORE.map(of), el('div', 'matrix', ...cells.map(of)));
    const more = el('details', 'fit-more', el('summary', '', labels.more), room);
    controls.root.replaceChildren(...MAIN.map(of), more);
  }

  /** @override */
  show() {
    this.controls.show(this.values);
  }

  /** @override */
  ask() {
    this.since = performance.now();
    super.ask();
  }

  /** @override @param {import('../lib/live.js').Reply<FitHeader>} header @param {Float32Array} floats */
  answer(header, floats) {
    this.since = -Infinity;
    if ('refusal' in header) {
      this.pause();
      this.view.refuse(header.refusal);
    } else if ('count' in header && header.count) this.takeIn(header, floats);
    this.root.dataset.answer = String(header.number);
    if (header.last) this.root.dataset.whole = String(header.number);
  }

  /** @param {FitHeader} header @param {Float32Array} floats */
  takeIn(header, floats) {
    const isNew = header.fit !== this.training?.name;
    if (isNew && header.first) return; // its first iterations were not heard
    const training = this.training && !isNew ? this.training : this.beginAnew(header);
    const ground = take(training, header, floats);
    if (ground) this.ground = ground;
    if (header.why) this.ground = null;
    if (ground || header.why) this.view.surface.lay(this.ground);
    this.view.tell(header);
    this.range = weightRange(training.weightEnds, header.target);
    this.decades = lossRange(training.lossEnds, this.ghost?.lossEnds ?? NONE);
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
    if (still && !this.playback.stays) this.playback.at = training.have;
    else if (isNew) this.start();
    this.paintSoon();
  }

  /** Another training; returns it. @param {FitHeader} header */
  beginAnew(header) {
    const before = this.training;
    if (before && (before.have === before.total || !this.ghost)) this.ghost = before;
    this.playback.begin();
    this.training = newTraining(header);
    return this.training;
  }

  pause() {
    this.playback.pause();
    cancelAnimationFrame(this.waiting);
    this.view.write();
    this.view.sayButtons(this.playback);
    this.view.say();
  }

  /** @param {number} to */
  go(to) {
    if (!this.training) return;
    cancelAnimationFrame(this.waiting);
    this.playback.go(to, this.training);
    this.view.sayButtons(this.playback);
    this.paint();
    this.view.say();
  }

  start() {
    if (!this.training) return;
    this.playback.start(this.training);
    cancelAnimationFrame(this.waiting);
    this.waiting = requestAnimationFrame((now) => this.play(now));
    this.view.sayButtons(this.playback);
  }

  /** One frame. @param {number} now */
  play(now) {
    if (!this.playback.playing || !this.training || !this.root.isConnected) return;
    const isAsking = now - this.since < ANSWERS_MS;
    const goesOn = isAsking || this.playback.frame(now, this.training);
    if (!isAsking) this.paint(goesOn ? now : undefined);
    if (goesOn) this.waiting = requestAnimationFrame((later) => this.play(later));
    else this.pause();
  }

  /**
   * Paints in the next frame, once, however much has come until then; while it plays, each frame paints anyway. New
   * elements are never left empty until then: a page in the background has no frames.
   */
  paintSoon() {
    if (!this.view.state) this.paint();
    else if (!this.playback.playing) {
      cancelAnimationFrame(this.waiting);
      this.waiting = requestAnimationFrame(() => this.paint());
    }
  }

  /** @param {number} [now] of a frame while it plays */
  paint(now) {
    const { training, ghost, ground, weight, range, decades } = this;
    if (!training || !this.root.clientWidth) return;
    this.view.paint({ training, ghost, ground, weight, range, decades, at: this.playback.at }, now);
  }

  /** @override */
  end() {
    super.end();
    this.playback.pause();
    cancelAnimationFrame(this.waiting);
    this.observer.disconnect();
  }
}
