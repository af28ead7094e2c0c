// @ts-check
// The walk through a training step: which operation is shown, at which zoom, and what is open.
//
// It receives all tensors once; moving needs no server. Timeline, side and stage show it.

import { el } from '../lib/dom.js';
import { clampIndex } from '../lib/shapes.js';
import { LatestSteps } from './latest_steps.js';
import { Network } from './network.js';
import { phaseStart } from './phases.js';
import { Player } from './player.js';
import { Side } from './side.js';
import { Stage } from './stage.js';
import { StepNumbers } from './step_numbers.js';
import { Timeline } from './timeline.js';
import { goTo } from './topics.js';
import { WalkKeys } from './walk_keys.js';
import { WhatIfBar } from './what_if.js';
import { WhatIfSetting } from './what_if_setting.js';
import { NETWORK, NUMBER, STEP } from './zoom.js';

const REMEMBER_MS = 900; // at a step, before the address names it

/**
 * @typedef {import('./payload.js').StepWords} StepWords
 * @typedef {import('../network/payload.js').PictureWords} PictureWords
 * @typedef {import('./payload.js').WalkHeader & Pick<WholeStep, 'groups'>
 *   & { labels: StepWords, pictureWords: PictureWords }} WalkHeader
 * @typedef {import('./latest_steps.js').WholeStep} WholeStep
 * @typedef {import('../lib/settings.js').Values} Values
 * @typedef {import('./payload.js').PlaceData} PlaceData
 * @typedef {import('./payload.js').StepData} StepData
 * @typedef {import('./payload.js').CellData & { index: number[] }} Cell
 * @typedef {import('./payload.js').OpenedCellData | { sentence: string }} CellAnswer an opened number, or why there
 *   is none
 *
 * @typedef {object} Owner who has the settings and asks
 * @property {() => Values} values
 * @property {(changes: Values) => void} move
 * @property {(holds: boolean) => void} hold
 * @property {() => void} ask
 */

export class Walk {
  /** @type {WalkHeader | undefined} */
  header;
  stepKey = ''; // the step that is here, in its language
  checked = ''; // the step whose comparisons with the arithmetic by hand are here
  latest = new LatestSteps();
  numbers = new StepNumbers();
  at = 0;
  zoom = STEP;
  /** @type {Cell | null} what is open */
  cell = null;
  /** @type {CellAnswer | null} of what is open */
  answer = null;
  /** @type {PlaceData | null} where the open number can be changed */
  place = null;
  isOpening = false; // until the answer to what was opened is here
  refocus = false; // the open number takes the focus that its neighbour had
  refusal = ''; // why there is no what-if
  options = { shared: true, peek: false, ask: false };
  /** @type {Set<number>} steps */
  guessed = new Set();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  remember;
  /** @type {{ labels: StepWords, pictureWords: PictureWords } | null} */
  words = null;
  /** @type {{ timeline: Timeline, network: Network } | null} */
  views = null;
  root = el('div', { class: 'walk', tabindex: '-1' });
  announcement = el('div', { class: 'said', 'aria-live': 'polite' });
  player = new Player(this);
  side = new Side(this);
  stage = new Stage(this, this.root);

  /** @param {HTMLElement & ShadowRoot} host @param {Owner} owner */
  constructor(host, owner) {
    this.owner = owner;
    this.changes = new WhatIfSetting(owner, () => this.follow());
    this.bar = new WhatIfBar(this);
    this.keys = new WalkKeys(host, this);
    this.onGo = (/** @type {number} */ step, /** @type {boolean} */ look) => {
      this.player.pause();
      this.go(step, STEP);
      if (look) this.root.scrollIntoView({ block: 'start' });
    };
    goTo.on(this.onGo);
  }

  /** @param {StepWords} labels @param {PictureWords} pictureWords in the language of the page */
  rename(labels, pictureWords) {
    this.words = { labels, pictureWords };
    if (this.header) this.header = { ...this.header, ...this.words };
  }

  /** The step that is shown; it is here before all that asks for it. */
  get step() {
    if (!this.header) throw new Error('no step is here yet');
    return this.header;
  }

  /** The operation at which the walk is. */
  get operation() {
    return this.step.steps[this.at];
  }

  get last() {
    return this.step.steps.length - 1;
  }

  /** The timeline and the network of the step that is shown. */
  get parts() {
    if (!this.views) throw new Error('no step is here yet');
    return this.views;
  }

  /** The words of the page, by the names that Python gives them. @returns {Record<string, string>} */
  get labels() {
    return { ...this.step.labels };
  }

  /** Asks what follows from the what-if; without one everything is as torch computed it. */
  follow() {
    this.refusal = '';
    if (!this.changes.text) this.numbers.restore();
    this.owner.ask();
    if (!this.changes.text && this.header && !this.cell) this.draw();
  }

  /** What is asked of the step beside the settings. @param {Values} values */
  asking(values) {
    const at = this.header ? this.at : values.at;
    return { cell: this.opening, at, known: this.stepKey, checked: this.checked };
  }

  /** Goes where an address leads. @param {number} at */
  lead(at) {
    this.close();
    if (!this.header) return;
    this.at = clampIndex(at, this.header.steps.length);
    this.draw();
  }

  close() {
    this.cell = null;
    this.zoom = Math.min(this.zoom, STEP);
  }

  /**
   * Takes over a step; in another one that runs the same operations all stays where it is. Returns false where it
   * names a step that is not here any more.
   *
   * @param {import('./payload.js').WalkHeader} walk
   * @param {Float32Array} floats
   * @param {string} key
   * @param {number} at where it begins
   */
  take(walk, floats, key, at) {
    const before = this.header;
    if (!this.words) throw new Error('a step before its words');
    const whole = this.latest.whole(key, walk, floats);
    this.stepKey = whole ? key : '';
    if (!whole) return false;
    this.header = { ...walk, groups: whole.groups, ...this.words };
    this.numbers.take(whole.numbers);
    const isSame = before?.key === walk.key; // perhaps in another language
    if (before && isSame) this.putChecks(before.steps.map(({ check }) => check));
    else this.numbers.restore();
    if (before && !isSame && operationsOf(before) !== operationsOf(walk)) {
      this.close();
      this.guessed.clear();
    }
    this.at = clampIndex(before ? this.at : at, walk.steps.length);
    this.build();
    this.root.dataset.zoom = String(this.zoom);
    if (this.zoom !== NUMBER || !this.stage.holds()) this.stage.show(); // else its answer comes next
    this.showAround();
    return true;
  }

  /** Makes the timeline and the network of the step, unless those that are there fit it. */
  build() {
    const { views } = this;
    if (views?.timeline.fits() && views.network.fits()) return;
    views?.network.end();
    const timeline = new Timeline(this);
    timeline.element.append(this.bar.root);
    this.views = { timeline, network: new Network(this) };
    const body = el('div', 'body', this.side.element, this.stage.element);
    this.root.replaceChildren(timeline.element, body, this.announcement);
  }

  /** @param {StepData['check'][]} checks */
  putChecks(checks) {
    this.step.steps.forEach((step, i) => {
      step.check = checks[i];
    });
  }

  /** @param {import('./payload.js').ChecksAnswer} answer */
  check({ checked, checks }) {
    if (!this.header || checked !== this.header.key) return;
    this.checked = checked;
    this.putChecks(checks);
    this.side.showBadge();
  }

  /** @param {number} step @param {number} [zoom] */
  go(step, zoom) {
    const next = clampIndex(step, this.last + 1);
    if (next === this.last) this.player.pause();
    if (next === this.at && (zoom ?? this.zoom) === this.zoom) return;
    this.at = next;
    this.zoom = zoom ?? Math.min(this.zoom, STEP);
    this.draw();
    this.sayStep();
    clearTimeout(this.remember);
    if (this.numbers.whatIf && !this.numbers.whatIf.whole) this.owner.ask();
    this.remember = setTimeout(() => this.owner.move({ at: this.at }), REMEMBER_MS);
  }

  /** By hand: what plays stops. @param {1 | -1} direction */
  move(direction) {
    this.player.pause();
    this.go(this.at + direction);
  }

  /** @param {1 | -1} direction */
  phase(direction) {
    this.go(phaseStart(this.step.steps, this.at, direction));
  }

  sayStep() {
    const { words, note } = this.operation;
    this.announcement.textContent = `${this.parts.timeline.where.textContent}. ${words} ${note}`;
  }

  /** Milliseconds for a step while it plays. */
  get pace() {
    return Number(this.parts.timeline.pace.value);
  }

  showPlaying() {
    this.parts.timeline.show();
  }

  /** @param {Cell} cell @param {boolean} [keepFocus] */
  open(cell, keepFocus = false) {
    this.player.pause();
    this.cell = cell;
    this.isOpening = true;
    this.refocus = keepFocus;
    this.answer = keepFocus ? this.answer : null;
    this.zoom = NUMBER;
    if (!keepFocus) {
      this.draw();
      this.focus();
    }
    this.owner.ask();
  }

  /** What is open, as the answer names it. */
  get opening() {
    return this.cell ? JSON.stringify(this.cell) : '';
  }

  /**
   * What is open, and what follows from a what-if.
   *
   * @param {import('./payload.js').OpeningAnswer} header
   * @param {Float32Array} floats
   */
  receive({ key, cell, contents, place, whatIf }, floats) {
    if (!this.header || key !== this.stepKey) return; // of a step that is no longer shown
    this.refusal = '';
    if (this.changes.text && whatIf) this.numbers.suppose(whatIf, floats);
    else this.numbers.restore();
    if (this.cell && cell === this.opening)
      this.receiveCell(contents, place); // else another is chosen since
    else if (this.zoom !== NUMBER) this.draw();
    this.bar.show(this.numbers.whatIf, this.refusal);
  }

  /** @param {string} refusal of what is open, or of a what-if */
  refuse(refusal) {
    if (!this.header) return;
    this.refusal = this.changes.text ? refusal : '';
    this.receiveCell({ sentence: refusal }, null);
    this.bar.show(this.numbers.whatIf, this.refusal);
  }

  /** @param {CellAnswer | null} answer @param {PlaceData | null} place */
  receiveCell(answer, place) {
    this.answer = answer;
    this.place = place;
    const number = answer && 'title' in answer ? answer : null;
    if (this.zoom === NUMBER && number && this.stage.update(number)) {
      this.parts.timeline.show();
      this.side.showBadge();
      return;
    }
    this.draw();
    if (this.zoom !== NUMBER) return;
    if (this.isOpening) this.stage.focusNumber(this.refocus);
    this.isOpening = false;
    if (number?.explanation)
      this.announcement.textContent = `${number.title} ${number.index}: ${number.explanation.result}`;
  }

  /** @param {number} zoom */
  zoomTo(zoom) {
    this.zoom = zoom;
    this.draw();
  }

  up() {
    if (this.zoom === NETWORK) return;
    this.zoomTo(this.zoom - 1);
    this.focus();
  }

  enter() {
    if (this.zoom === NETWORK) this.zoomTo(STEP);
    else if (this.zoom === STEP) this.stage.element.querySelector('canvas')?.focus();
  }

  focus() {
    this.root.focus({ preventScroll: true });
  }

  /** From a control back to the drawing, where Esc leads up. @param {Event} event */
  leave(event) {
    event.preventDefault();
    event.stopPropagation();
    this.focus();
  }

  draw() {
    this.root.dataset.zoom = String(this.zoom);
    this.stage.show();
    this.showAround();
  }

  /** Shows where the walk is around the stage. */
  showAround() {
    this.parts.timeline.show();
    this.side.show();
    this.bar.show(this.numbers.whatIf, this.refusal);
    Object.assign(this.root.dataset, { step: this.at, phase: this.operation.phase });
    this.side.scroll();
  }

  end() {
    this.player.pause();
    clearTimeout(this.remember);
    this.keys.end();
    this.stage.end();
    goTo.off(this.onGo);
    this.views?.network.end();
  }
}

/** Which operations a step runs. @param {import('./payload.js').WalkHeader} walk */
const operationsOf = ({ steps }) => steps.map(({ name }) => name).join();
