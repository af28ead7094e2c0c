// @ts-check
// The walk through a training step: a timeline at three zooms. It receives all tensors once; moving needs no server.

import { el, fill } from '../lib/dom.js';
import { reader } from '../lib/message.js';
import { changes, withChange, withoutLast } from './changes.js';
import { follow, listing } from './code.js';
import { layer } from './layer.js';
import { Network } from './network.js';
import { OpenedNumber } from './opened_number.js';
import { phaseStart, within } from './phases.js';
import { Timeline } from './timeline.js';
import { goTo } from './topics.js';
import { WhatIfBar } from './what_if.js';

const REMEMBER_MS = 900; // at a step, before the address names it
const FIELDS = new Set(['INPUT', 'TEXTAREA', 'SELECT']);

/**
 * @typedef {import('./payload.js').StepWords} StepWords
 * @typedef {import('../network/payload.js').PictureWords} PictureWords
 * @typedef {import('./payload.js').WalkHeader & { labels: StepWords, pictureWords: PictureWords }} WalkHeader
 * @typedef {import('../lib/settings.js').Values} Values
 * @typedef {import('./payload.js').WhatIfData} WhatIfData
 * @typedef {import('./payload.js').PlaceData} PlaceData
 * @typedef {import('./payload.js').StepData} StepData
 * @typedef {import('./payload.js').CellData & { index: number[] }} Cell
 * @typedef {import('./payload.js').OpenedCellData | { sentence: string }} CellAnswer an opened number, or why there is none
 *
 * @typedef {object} Owner who has the settings and asks
 * @property {() => Values} values
 * @property {(changes: Values) => void} move
 * @property {(holds: boolean) => void} hold
 * @property {() => void} ask
 */

export class Walk {
  /** @param {HTMLElement & ShadowRoot} host @param {Owner} owner */
  constructor(host, owner) {
    this.host = host;
    this.owner = owner;
    /** @type {WalkHeader | undefined} */
    this.header = undefined;
    this.stepKey = ''; // the step that is here, in its language
    this.checked = ''; // the step whose comparisons with the arithmetic by hand are here
    /** @type {Float32Array} */
    this.floats = new Float32Array();
    this.at = 0;
    this.zoom = 2; // 1: the network, 2: a step, 3: one number
    /** @type {Cell | null} what is open */
    this.cell = null;
    /** @type {CellAnswer | null} of what is open */
    this.answer = null;
    /** @type {PlaceData | null} where the open number can be changed */
    this.place = null;
    /** @type {OpenedNumber | null} */
    this.view = null;
    this.refocus = false; // the open number takes the focus that its neighbour had
    this.options = { shared: true, peek: false, ask: false };
    /** @type {Set<number>} steps */
    this.guessed = new Set();
    /** @type {Set<number>} steps that a what-if reaches */
    this.reached = new Set();
    this.drawnAt = 0; // the width for which it is drawn
    this.widths = { root: 0, stage: 0 }; // as laid out last: to ask in the middle of a change lays the page out again
    /** @type {ReturnType<typeof setInterval> | null} */
    this.playing = null;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.remember = undefined;
    /** @type {{ labels: StepWords, pictureWords: PictureWords } | null} */
    this.words = null;
    /** @type {{ timeline: Timeline, network: Network } | null} */
    this.views = null;
    this.side = el('div', { class: 'side' });
    this.stage = el('div', { class: 'stage' });
    this.root = el('div', { class: 'walk', tabindex: '-1' });
    this.announcement = el('div', { class: 'said', 'aria-live': 'polite' });
    this.key = (/** @type {KeyboardEvent} */ event) => this.onKey(event);
    document.addEventListener('keydown', this.key);
    this.observer = new ResizeObserver(() => {
      this.measure();
      if (this.header && Math.abs(this.stageWidth() - this.drawnAt) > 24) this.draw();
    });
    this.observer.observe(this.root);
    this.observer.observe(this.stage);
    /** @type {WhatIfData | null} */
    this.whatIf = null;
    this.refusal = '';
    /** @type {Map<number, Float32Array>} the tensors that follow from the what-if */
    this.supposed = new Map();
    this.bar = new WhatIfBar(this);
    this.onGo = (/** @type {number} */ step, /** @type {boolean} */ look) => {
      this.pause();
      this.go(step, 2);
      if (look) this.root.scrollIntoView({ block: 'start' });
    };
    goTo.on(this.onGo);
  }

  /** @param {StepWords} labels @param {PictureWords} pictureWords in the language of the page */
  say(labels, pictureWords) {
    this.words = { labels, pictureWords };
    if (this.header) this.header = { ...this.header, ...this.words };
  }

  /** The step that is shown; it is here before all that asks for it. */
  get step() {
    if (!this.header) throw new Error('no step is here yet');
    return this.header;
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

  /** The changed numbers, as the setting's text. */
  get changes() {
    return String(this.owner.values().changes ?? '');
  }

  /** What the hand has set this number to, if it has. @param {number} value @param {number} place */
  numberAt(value, place) {
    return changes(this.changes).find((each) => each.value === value && each.place === place)?.number;
  }

  /** @param {number} value @param {number} place @param {number | null} number */
  set(value, place, number) {
    this.change(withChange(this.changes, value, place, number));
  }

  undo() {
    this.change(withoutLast(this.changes));
  }

  reset() {
    this.change('');
  }

  /** @param {string} text */
  change(text) {
    this.owner.move({ changes: text });
    this.follow();
  }

  // Asks what follows; without a change everything is as it was taken.
  follow() {
    this.refusal = '';
    if (!this.changes && this.whatIf) this.suppose(null, new Float32Array());
    this.owner.ask();
    if (!this.changes && this.header && !this.cell) this.draw();
  }

  /** Takes over what follows from a what-if. @param {WhatIfData | null} whatIf @param {Float32Array} floats */
  suppose(whatIf, floats) {
    this.whatIf = whatIf;
    this.supposed.clear();
    const next = reader(floats);
    for (const [tensor, count] of whatIf?.tensors ?? []) this.supposed.set(tensor, next(count));
    const complete = new Set((whatIf?.tensors ?? []).map(([tensor]) => tensor));
    for (const { tensor, place, after } of whatIf?.changes ?? []) {
      if (tensor === null || complete.has(tensor)) continue;
      const numbers = this.supposed.get(tensor) ?? this.original(tensor).slice();
      if (place < numbers.length) numbers[place] = after;
      this.supposed.set(tensor, numbers);
    }
    this.reached = new Set((whatIf?.effects ?? []).filter(({ cells }) => cells).map(({ step }) => step));
  }

  /** @param {number} tensor */
  isSupposed(tensor) {
    return this.supposed.has(tensor);
  }

  /** What is asked of the step beside the settings. @param {Values} values */
  asking(values) {
    const at = this.header ? this.at : values.at;
    return { cell: this.opening, at, known: this.stepKey, checked: this.checked };
  }

  /** Goes where an address leads. @param {number} at */
  lead(at) {
    this.cell = null;
    if (this.zoom === 3) this.zoom = 2;
    if (!this.header) return;
    this.at = within(at, this.header.steps.length);
    this.draw();
  }

  /**
   * Takes over a step with all its tensors; in another one that runs the same operations all stays where it is.
   *
   * @param {import('./payload.js').WalkHeader} walk
   * @param {Float32Array} floats
   * @param {string} key
   * @param {number} at where it begins
   */
  take(walk, floats, key, at) {
    const before = this.header;
    const same = before?.key === walk.key;
    if (!this.words) throw new Error('a step before its words');
    this.header = { ...walk, ...this.words };
    this.floats = floats;
    this.stepKey = key;
    if (before && same) this.putChecks(before.steps.map(({ check }) => check));
    else this.suppose(null, new Float32Array());
    const names = (/** @type {import('./payload.js').WalkHeader} */ { steps }) =>
      steps.map(({ name }) => name).join();
    if (before && !same && names(before) !== names(walk)) {
      this.cell = null;
      this.guessed.clear();
      if (this.zoom === 3) this.zoom = 2;
    }
    this.at = within(before ? this.at : at, walk.steps.length);
    this.views?.network.end();
    const timeline = new Timeline(this);
    timeline.element.append(this.bar.root);
    this.views = { timeline, network: new Network(this) };
    this.side.replaceChildren();
    this.stage.replaceChildren();
    this.root.replaceChildren(
      timeline.element,
      el('div', { class: 'body' }, this.side, this.stage),
      this.announcement,
    );
    this.draw();
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
    this.side.querySelector('.badge')?.replaceWith(this.badge(this.step.steps[this.at]));
  }

  /** The numbers of a value, with what follows from a what-if. @param {number} tensor */
  numbers(tensor) {
    const { length } = this.step.tensors[tensor];
    return this.supposed.get(tensor)?.subarray(0, length) ?? this.original(tensor);
  }

  /** The numbers of a tensor as the step was taken. @param {number} tensor */
  original(tensor) {
    const { offset, length } = this.step.tensors[tensor];
    return this.floats.subarray(offset, offset + length);
  }

  measure() {
    this.widths = { root: this.root.clientWidth, stage: this.stage.clientWidth };
  }

  stageWidth() {
    if (!this.widths.stage) this.measure();
    const whole = this.widths.root || 900;
    return Math.max(240, this.widths.stage || (whole > 900 ? whole * 0.62 : whole));
  }

  sourceWidth() {
    const whole = this.stageWidth();
    return Math.max(200, whole > 400 ? whole / 2 - 14 : whole);
  }

  /** @param {number} step @param {number} [zoom] */
  go(step, zoom) {
    const last = this.step.steps.length - 1;
    const next = within(step, last + 1);
    if (next === last) this.pause();
    if (next === this.at && (zoom ?? this.zoom) === this.zoom) return;
    this.at = next;
    this.zoom = zoom ?? Math.min(this.zoom, 2);
    this.draw();
    this.sayStep();
    clearTimeout(this.remember);
    if (this.whatIf && !this.whatIf.whole) this.owner.ask();
    this.remember = setTimeout(() => this.owner.move({ at: this.at }), REMEMBER_MS);
  }

  sayStep() {
    const step = this.step.steps[this.at];
    this.announcement.textContent = `${this.parts.timeline.where.textContent}. ${step.words} ${step.note}`;
  }

  /** @param {1 | -1} direction */
  phase(direction) {
    this.go(phaseStart(this.step.steps, this.at, direction));
  }

  togglePlay() {
    if (this.playing) this.pause();
    else {
      if (this.at === this.step.steps.length - 1) this.go(0);
      this.playing = setInterval(() => this.go(this.at + 1), Number(this.parts.timeline.pace.value));
      this.parts.timeline.show();
    }
  }

  pause() {
    if (!this.playing) return;
    clearInterval(this.playing);
    this.playing = null;
    this.parts.timeline.show();
  }

  restartPlay() {
    if (!this.playing) return;
    this.pause();
    this.togglePlay();
  }

  /** @param {Cell} cell @param {boolean} [keepFocus] */
  open(cell, keepFocus = false) {
    this.pause();
    this.cell = cell;
    this.refocus = keepFocus;
    this.answer = keepFocus ? this.answer : null;
    this.zoom = 3;
    if (!keepFocus) {
      this.draw();
      this.root.focus({ preventScroll: true });
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
    this.suppose(this.changes ? whatIf : null, floats);
    if (this.cell && cell === this.opening)
      this.receiveCell(contents, place); // else another is chosen since
    else if (this.zoom !== 3) this.draw();
    this.bar.show(this.whatIf, this.refusal);
  }

  /** @param {string} refusal of what is open, or of a what-if */
  refuse(refusal) {
    if (!this.header) return;
    this.refusal = this.changes ? refusal : '';
    this.receiveCell({ sentence: refusal }, null);
    this.bar.show(this.whatIf, this.refusal);
  }

  /** @param {CellAnswer | null} answer @param {PlaceData | null} place */
  receiveCell(answer, place) {
    this.answer = answer;
    this.place = place;
    if (this.zoom !== 3) {
      this.draw();
      return;
    }
    const number = answer && 'title' in answer ? answer : null;
    if (number && this.view?.isOf(this.opening) && this.stage.contains(this.view.root)) {
      this.view.show(number);
      this.parts.timeline.show();
      this.side.querySelector('.badge')?.replaceWith(this.badge(this.step.steps[this.at]));
      return;
    }
    this.draw();
    /** @type {HTMLElement | null} */
    const target = this.stage.querySelector('.target canvas');
    if (this.refocus) target?.focus({ preventScroll: true });
    else this.bringIntoView(this.stage.querySelector('.opened > h2'));
    if (number?.explanation)
      this.announcement.textContent = `${number.title} ${number.index}: ${number.explanation.result}`;
  }

  /**
   * The opened number may be shorter than what was there, and its title above the window or under the timeline.
   *
   * @param {HTMLElement | null} title
   */
  bringIntoView(title) {
    if (!title) return;
    const bar = this.parts.timeline.element;
    const below = parseFloat(getComputedStyle(bar).top) + bar.offsetHeight;
    const { top, bottom } = title.getBoundingClientRect();
    this.stage.style.scrollMarginTop = `${below + 8}px`;
    if (top < below || bottom > window.innerHeight * 0.6) this.stage.scrollIntoView({ block: 'start' });
    title.focus({ preventScroll: true });
  }

  up() {
    if (this.zoom > 1) {
      this.zoom -= 1;
      this.draw();
      this.root.focus({ preventScroll: true });
    }
  }

  /** From a control back to the drawing, where Esc leads up. @param {Event} event */
  leave(event) {
    event.preventDefault();
    event.stopPropagation();
    this.root.focus({ preventScroll: true });
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    const active = /** @type {ShadowRoot} */ (this.host.getRootNode()).activeElement ?? document.activeElement;
    const inside = this.root.contains(active);
    if (!this.header || event.ctrlKey || event.metaKey || event.altKey) return;
    if (!inside && document.activeElement !== document.body) return;
    if (active && FIELDS.has(active.tagName)) return;
    /** @type {Record<string, () => void>} */
    const acts = {
      ArrowRight: () => {
        this.pause();
        this.go(this.at + 1);
      },
      ArrowLeft: () => {
        this.pause();
        this.go(this.at - 1);
      },
      Home: () => this.go(0),
      End: () => this.go(this.step.steps.length - 1),
      PageDown: () => this.phase(1),
      PageUp: () => this.phase(-1),
      Escape: () => this.up(),
    };
    const act = acts[event.key];
    const button = active?.tagName === 'BUTTON' && inside;
    if (event.key === ' ' && !button) this.togglePlay();
    else if (event.key === 'Enter' && !button) this.enter();
    else if (act) act();
    else return;
    event.preventDefault();
  }

  enter() {
    if (this.zoom === 1) {
      this.zoom = 2;
      this.draw();
    } else if (this.zoom === 2) this.stage.querySelector('canvas')?.focus();
  }

  crumbs() {
    const { labels } = this.step;
    const button = (/** @type {number} */ zoom, /** @type {string} */ text) =>
      el(
        'button',
        {
          'aria-pressed': String(this.zoom === zoom),
          onclick: () => {
            this.zoom = zoom;
            this.draw();
          },
          'data-zoom': zoom,
        },
        text,
      );
    return el(
      'div',
      { class: 'crumbs', role: 'group' },
      button(1, labels.network),
      '›',
      button(2, labels.layer),
      this.zoom === 3 ? '›' : '',
      this.zoom === 3 ? button(3, labels.number) : '',
      this.zoom > 1 ? el('button', { class: 'up', onclick: () => this.up() }, `↑ ${labels.up} (Esc)`) : '',
    );
  }

  switches() {
    const { labels } = this.step;
    const box = (/** @type {keyof Walk['options']} */ name, /** @type {string} */ text, flipped = false) => {
      const input = el('input', { type: 'checkbox', 'data-option': name });
      input.checked = this.options[name] !== flipped;
      input.addEventListener('change', () => {
        this.options[name] = input.checked !== flipped;
        this.draw();
      });
      return el('label', {}, input, text);
    };
    return el(
      'div',
      { class: 'options' },
      box('shared', `${labels.scale}: ${labels.per_map}`, true),
      box('peek', labels.peek),
      box('ask', labels.ask),
    );
  }

  /** @param {StepData} step */
  badge(step) {
    const { labels } = this.step;
    if (this.whatIf) {
      const forward = ['zero_grad', 'forward', 'loss'].includes(step.phase);
      return el('div', { class: 'badge what-if' }, forward ? labels.supposed : labels.forward_only);
    }
    if (this.checked !== this.step.key) return el('div', { class: 'badge none' }, '…'); // it is on its way
    if (!step.check) {
      const silent = ['zero_grad', 'after'].includes(step.phase);
      return el('div', { class: 'badge none' }, silent ? labels.no_badge : labels.not_written);
    }
    const equal = step.check.difference === '0' ? labels.badge_equal : labels.badge;
    const text = step.check.beyond ? labels.badge_beyond : equal;
    return el('div', { class: `badge ${step.check.fine ? 'fine' : 'far'}` }, fill(text, { ...step.check }));
  }

  draw() {
    this.drawnAt = this.stageWidth();
    const step = this.step.steps[this.at];
    this.parts.timeline.show();
    const back = step.phase === 'backward';
    const listings = this.step.listings.map((each, i) => listing(each, step.lit[i], back));
    this.side.replaceChildren(
      el('div', { class: 'words' }, el('h2', {}, step.name), '. ', step.words, step.note ? ` ${step.note}` : ''),
      this.badge(step),
      listings[1],
      listings[0],
      this.switches(),
    );
    listings.forEach(follow);
    this.view = this.zoom === 3 ? new OpenedNumber(this) : null;
    this.root.dataset.zoom = String(this.zoom);
    const isThere = this.zoom === 1 && this.stage.contains(this.parts.network.element);
    if (!isThere) this.stage.replaceChildren(...this.content()); // the picture keeps the focus, and goes on moving
    if (this.zoom === 1) this.parts.network.show();
    this.bar.show(this.whatIf, this.refusal);
    Object.assign(this.root.dataset, { step: this.at, phase: step.phase });
  }

  /** What stands on the stage at this zoom. */
  content() {
    const crumbs = this.crumbs();
    const { labels } = this.step;
    const title = el('h2', 'heard', this.zoom === 1 ? labels.network : labels.layer);
    if (this.zoom === 1) crumbs.append(this.parts.network.bar);
    if (this.view) return [crumbs, this.view.root]; // with a heading of its own
    return [title, crumbs, this.zoom === 1 ? this.parts.network.element : layer(this)];
  }

  end() {
    this.pause();
    clearTimeout(this.remember);
    document.removeEventListener('keydown', this.key);
    this.observer.disconnect();
    goTo.off(this.onGo);
    this.views?.network.end();
  }
}
