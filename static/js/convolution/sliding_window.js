// @ts-check
// The sliding window: padded input, kernel and output as three grids that answer to each other.
//
// It plays by itself; hovering takes over; a click pins; arrow keys step through the cells of a
// grid, Enter goes to the next grid; Esc plays again.
// The numbers are the tensors that torch returned; here they are only laid out, summed for show and compared.

import { onTheme } from '../lib/theme.js';
import { Width } from '../lib/width.js';
import { paceOf, pause } from './play.js';
import { Sliding } from './sliding.js';
import { sumSentence } from './sum.js';
import { WindowPainter } from './window_painter.js';

/**
 * @typedef {import('./sliding.js').Mode} Mode
 * @typedef {import('./sliding.js').Focus} Focus
 * @typedef {import('./sliding.js').GridName} GridName
 */

const QUIET_MS = 300; // after this long without a change the sum is read aloud and the pin reported
const USES = ['keydown', 'pointerdown', 'pointerup'];

export class SlidingWindow {
  /** @param {(pin: number[] | null) => void} report is told the output cell at which the reader pins the window */
  constructor(report) {
    this.report = report;
    /** @type {Sliding | null} before the first data */
    this.sliding = null;
    this.still = window.matchMedia('(prefers-reduced-motion: reduce)').matches;
    this.moved = performance.now();
    this.used = Number.NEGATIVE_INFINITY;
    /** @type {number[] | null} */
    this.reported = null;
    this.frame = 0;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.quiet = undefined;
    this.painter = new WindowPainter((grid, name) => this.listen(grid, name));
    this.root = this.painter.root;
    this.painter.button.addEventListener('click', () => this.turn(this.other()));
    this.root.addEventListener('keydown', (event) => this.key(event));
    this.painter.grids.addEventListener('pointerleave', () => {
      if (this.sliding?.mode === 'hover') this.turn('play');
    });
    this.width = new Width(this.root, () => this.layOut());
    onTheme(this.root, () => {
      this.painter.forgetStyle();
      this.layOut();
    });
    this.use = (/** @type {Event} */ event) => {
      if (!event.composedPath().includes(this.root)) this.used = performance.now();
    };
    for (const name of USES) document.addEventListener(name, this.use, { capture: true, passive: true });
    this.onVisible = () => this.schedule();
    document.addEventListener('visibilitychange', this.onVisible);
  }

  /** @param {import('./payload.js').WindowData} data */
  update(data) {
    if (this.sliding) this.sliding.take(data);
    else {
      this.sliding = new Sliding(data, this.still ? 'pin' : 'play');
      this.reported = data.pin;
    }
    this.root.setAttribute('aria-label', data.labels.instructions);
    this.layOut();
    this.schedule();
  }

  layOut() {
    if (!this.sliding) return;
    this.painter.layOut(this.sliding, this.width.pixels);
    this.settle();
  }

  show() {
    if (!this.sliding) return;
    this.painter.show(this.sliding);
    this.settle();
  }

  /** @param {import('./grid.js').Grid} grid @param {GridName} name */
  listen(grid, name) {
    const take = (/** @type {MouseEvent} */ event, /** @type {boolean} */ pin) => {
      const { sliding } = this;
      const cell = grid.at(event);
      if (!sliding || !cell || sliding.apart || (sliding.mode === 'pin' && !pin)) return;
      if (pin) this.turn('pin');
      else if (sliding.mode === 'play') this.turn('hover');
      this.look({ grid: name, cell, channel: grid.channel });
    };
    grid.canvas.addEventListener('pointermove', (event) => event.pointerType !== 'touch' && take(event, false));
    grid.canvas.addEventListener('click', (event) => take(event, true));
  }

  /** @param {Focus} focus */
  look(focus) {
    if (this.sliding?.look(focus)) this.show();
  }

  /** @returns {Mode} what the button and the space bar turn to */
  other() {
    return this.sliding?.mode === 'play' ? 'pin' : 'play';
  }

  /** @param {Mode} mode */
  turn(mode) {
    this.sliding?.turn(mode);
    this.moved = performance.now();
    this.show();
    this.schedule();
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (!this.sliding || this.sliding.apart) return;
    const goesOn = event.key === 'Enter' && event.target === this.root;
    const led = goesOn ? this.sliding.beside(event.shiftKey ? -1 : 1) : this.sliding.led(event.key);
    if (event.key === 'Escape') this.turn('play');
    else if (event.key === ' ' && event.target === this.root) this.turn(this.other());
    else if (led) {
      this.turn('pin');
      this.look(led);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  // A frame while the window slides, a timer while it stands; nothing while it does not play.
  schedule() {
    cancelAnimationFrame(this.frame);
    clearTimeout(this.timer);
    const { sliding } = this;
    if (!sliding || sliding.apart || sliding.mode !== 'play' || document.hidden) return;
    const pace = paceOf(sliding.data.out[0] * sliding.data.out[1]);
    const times = { moved: this.moved, used: this.used, pace, sliding: Boolean(sliding.previous) };
    const wait = pause({ now: performance.now(), ...times });
    if (wait) this.timer = setTimeout(() => this.schedule(), wait);
    else this.frame = requestAnimationFrame((now) => this.tick(sliding, Math.max(now, this.moved), pace));
  }

  /** @param {Sliding} sliding @param {number} now @param {number} pace */
  tick(sliding, now, pace) {
    const passed = now - this.moved;
    if (passed >= pace) {
      this.moved = now;
      sliding.step();
      this.show();
    } else if (sliding.previous) {
      const progress = Math.min(1, passed / (pace * 0.5));
      this.painter.paintInputs(sliding, progress);
      if (progress === 1) sliding.previous = null;
    }
    this.schedule();
  }

  // Some time after the last change the sum is read aloud and the pin reported.
  settle() {
    clearTimeout(this.quiet);
    const { sliding } = this;
    if (!sliding || sliding.apart) return;
    const { live, sum } = this.painter;
    if (sliding.mode === 'play') {
      live.textContent = '';
      if (this.reported) this.quiet = setTimeout(() => this.tell(null), QUIET_MS);
      return;
    }
    this.quiet = setTimeout(() => {
      live.textContent = sliding.result ? sumSentence(sliding.data, sliding.result) : sum.textContent;
      if (sliding.mode === 'pin' && sliding.focus.grid === 'output') this.tell(sliding.focus.cell);
    }, QUIET_MS);
  }

  /** Tells the pin again: who was told has forgotten it. */
  tellAgain() {
    this.reported = [];
    this.settle();
  }

  /** @param {number[] | null} pin */
  tell(pin) {
    if (String(pin) === String(this.reported)) return;
    this.reported = pin;
    this.report(pin);
  }

  end() {
    cancelAnimationFrame(this.frame);
    clearTimeout(this.timer);
    clearTimeout(this.quiet);
    document.removeEventListener('visibilitychange', this.onVisible);
    this.width.end();
    for (const name of USES) document.removeEventListener(name, this.use, { capture: true });
  }
}
