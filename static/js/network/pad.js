// @ts-check
// A square to draw on with mouse, finger, pen or keys; each movement is told at once, while the pen is down.

import { arrowOf } from '../lib/arrow_keys.js';
import { contextOf, el } from '../lib/dom.js';
import { length, upTo } from './strokes.js';

/** @typedef {import('./strokes.js').Stroke} Stroke */

const STEP = 1 / 28; // of the side; with Shift a quarter of it
const MOST_POINTS = 9000; // a long signature has 2,000
const SPEED = 1.5; // sides a second, when a digit writes itself
const PEN = 18 / 280;

export class Pad {
  /**
   * @param {import('./payload.js').PadWords} words
   * @param {{ changed: (rests: boolean) => void, taken: () => void }} listener `changed` with every movement, `taken`
   * when a hand begins to draw
   */
  constructor(words, listener) {
    this.words = words;
    this.listener = listener;
    /** @type {Stroke[]} */
    this.strokes = [];
    this.isExample = false; // what wrote itself: the first stroke of a hand takes its place
    this.down = false;
    this.key = { x: 0.5, y: 0.5, down: false };
    this.mark = el('div', { class: 'pen', hidden: true });
    this.spoken = el('div', { class: 'spoken', 'aria-live': 'polite' });
    this.canvas = el('canvas', { tabindex: 0, role: 'application' });
    this.rename(words);
    this.root = el('div', { class: 'pad' }, this.canvas, this.mark, this.spoken);
    this.resized = new ResizeObserver(() => this.paint());
    this.resized.observe(this.root);
    this.listen();
  }

  /** @param {import('./payload.js').PadWords} words in the language of the page, which may change */
  rename(words) {
    this.words = words;
    this.canvas.setAttribute('aria-label', words.name);
    this.canvas.setAttribute('aria-description', words.keys);
    this.canvas.title = words.keys;
  }

  listen() {
    this.canvas.addEventListener('pointerdown', (event) => {
      if (event.button !== 0 || this.down) return;
      this.canvas.setPointerCapture(event.pointerId);
      this.canvas.focus({ preventScroll: true });
      event.preventDefault();
      this.begin(this.pointOf(event));
    });
    this.canvas.addEventListener('pointermove', (event) => {
      if (!this.down) return;
      const events = event.getCoalescedEvents?.() ?? [];
      for (const each of events.length ? events : [event]) this.add(this.pointOf(each));
      this.changed(false);
    });
    for (const name of ['pointerup', 'pointercancel']) this.canvas.addEventListener(name, () => this.lift());
    this.canvas.addEventListener('keydown', (event) => this.onKey(event));
    this.canvas.addEventListener('blur', () => {
      if (this.key.down) this.toggle();
      this.mark.hidden = true;
    });
  }

  /** @param {MouseEvent} event @returns {import('./strokes.js').Point} */
  pointOf({ clientX, clientY }) {
    const { left, top, width, height } = this.canvas.getBoundingClientRect();
    return [(clientX - left) / width, (clientY - top) / height];
  }

  /** @param {import('./strokes.js').Point} point */
  begin(point) {
    this.stop();
    this.listener.taken();
    if (this.isExample) this.strokes = [];
    this.isExample = false;
    this.down = true;
    this.strokes.push([point]);
    this.changed(false);
  }

  /** @param {import('./strokes.js').Point} point */
  add(point) {
    if (this.strokes.reduce((sum, { length }) => sum + length, 0) < MOST_POINTS) this.strokes.at(-1)?.push(point);
  }

  lift() {
    if (!this.down) return;
    this.down = false;
    this.changed(true);
  }

  /** @param {boolean} rests */
  changed(rests) {
    this.paint();
    this.listener.changed(rests);
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    const move = arrowOf(event.key);
    if (event.ctrlKey || event.metaKey || event.altKey || !(move || event.key === ' ')) return;
    event.preventDefault();
    const { key } = this;
    if (move) {
      const step = event.shiftKey ? STEP / 4 : STEP;
      key.x = Math.min(1, Math.max(0, key.x + move.columns * step));
      key.y = Math.min(1, Math.max(0, key.y + move.rows * step));
      if (key.down) {
        this.add([key.x, key.y]);
        this.changed(false);
      }
    } else if (!event.repeat) this.toggle();
    this.mark.hidden = false;
    Object.assign(this.mark.style, { left: `${100 * key.x}%`, top: `${100 * key.y}%` });
  }

  toggle() {
    this.key.down = !this.key.down;
    this.mark.classList.toggle('down', this.key.down);
    this.spoken.textContent = this.key.down ? this.words.down : this.words.up;
    if (this.key.down) this.begin([this.key.x, this.key.y]);
    else this.lift();
  }

  /** Puts a drawing on the pad. @param {Stroke[]} strokes */
  put(strokes) {
    this.stop();
    this.strokes = strokes;
    this.changed(true);
  }

  undo() {
    this.put(this.strokes.slice(0, -1));
  }

  /** Writes the strokes as a hand would. @param {Stroke[]} strokes */
  write(strokes) {
    this.isExample = true;
    if (matchMedia('(prefers-reduced-motion: reduce)').matches) {
      this.put(strokes);
      return;
    }
    this.stop();
    const start = performance.now();
    const end = length(strokes);
    const step = (/** @type {number} */ now) => {
      const way = Math.max(0.001, ((now - start) / 1000) * SPEED);
      this.strokes = upTo(strokes, Math.min(way, end));
      this.frame = way < end ? requestAnimationFrame(step) : 0;
      this.changed(way >= end);
    };
    this.frame = requestAnimationFrame(step);
  }

  /** Stops a digit that writes itself. */
  stop() {
    cancelAnimationFrame(this.frame ?? 0);
    this.frame = 0;
  }

  paint() {
    const side = Math.round(this.canvas.clientWidth * (window.devicePixelRatio || 1));
    if (!side) return;
    if (this.canvas.width !== side) Object.assign(this.canvas, { width: side, height: side });
    const context = contextOf(this.canvas);
    context.fillStyle = '#ffffff';
    context.fillRect(0, 0, side, side);
    Object.assign(context, { lineWidth: PEN * side, lineCap: 'round', lineJoin: 'round', strokeStyle: '#000000' });
    for (const stroke of this.strokes) {
      context.beginPath();
      for (const [x, y] of stroke) context.lineTo(x * side, y * side);
      if (stroke.length === 1) context.lineTo(stroke[0][0] * side, stroke[0][1] * side + 0.01);
      context.stroke();
    }
  }

  end() {
    this.stop();
    this.resized.disconnect();
  }
}

export const PAD_STYLE = `
.pad { position: relative; aspect-ratio: 1; }
.pad canvas { width: 100%; height: 100%; display: block; touch-action: none; cursor: crosshair; border-radius: 8px;
  box-sizing: border-box; border: 1px solid var(--st-border-color, #888); background: #fff; }
.pad canvas:focus-visible { outline: 3px solid var(--st-primary-color, #1f6feb); outline-offset: 1px; }
.pad .pen { position: absolute; width: 19px; height: 19px; margin: -10px 0 0 -10px; pointer-events: none;
  border: 2px solid #1f6feb; border-radius: 50%; box-sizing: border-box; }
.pad .pen[hidden] { display: none; }
.pad .pen.down { background: #1f6feb; }
`;
