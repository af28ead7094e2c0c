// @ts-check
// What streamlit-drawable-canvas lacks: it fits its column, has a name, and a pen that keys move.
//
// The canvas lies in an open shadow root. Its own toolbar, in English only, is hidden: the page has its own buttons.

import { arrowOf } from '../lib/arrow_keys.js';
import { el } from '../lib/dom.js';

const STYLE = `
  .dc-root, .dc-scroll { width: 100%; max-width: none; overflow: visible !important; }
  .dc-container, .canvas-container { width: 100% !important; height: auto !important; aspect-ratio: 1; }
  canvas { width: 100% !important; height: 100% !important; }
  .dc-toolbar { display: none !important; }
  .upper-canvas:focus-visible { outline: 3px solid var(--st-primary-color, #1f6feb); outline-offset: 2px; }
  .pen { position: absolute; z-index: 30; width: 19px; height: 19px; margin: -10px 0 0 -10px; pointer-events: none;
    border: 2px solid var(--st-primary-color, #1f6feb); border-radius: 50%; box-sizing: border-box; }
  .pen[hidden] { display: none; }
  .pen.down { background: var(--st-primary-color, #1f6feb); }
  .said { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
`;
const STEP = 1 / 28; // of the side; with Shift a quarter of it
const PATIENCE = 5000; // ms; the canvas is drawn by another component, before or after us
/** @type {WeakMap<Element, Pen>} */
const pens = new WeakMap();

/** @typedef {import('./payload.js').PenData['words']} Words */

/** @param {import('../lib/lifecycle.js').Component<import('./payload.js').PenData>} component */
export default function ({ data: { frame, words } }) {
  const end = performance.now() + PATIENCE;
  const look = () => {
    for (const canvas of canvases(document.querySelector(`.st-key-${frame}`))) {
      const pen = pens.get(canvas) ?? new Pen(canvas, words);
      pens.set(canvas, pen);
      pen.rename(words);
    }
    if (performance.now() < end) requestAnimationFrame(look); // a cleared canvas is a new one, drawn later
  };
  look();
}

/** @param {Element | null} frame @returns {HTMLCanvasElement[]} */
function canvases(frame) {
  /** @type {NodeListOf<Element> | never[]} */
  const hosts = frame?.querySelectorAll('*') ?? [];
  return [...hosts]
    .flatMap(({ shadowRoot }) => [...(shadowRoot?.querySelectorAll('canvas') ?? [])])
    .filter((canvas) => canvas.matches('.upper-canvas'));
}

/** The pen of one canvas; `x` and `y` are parts of its side. */
class Pen {
  /** @param {HTMLCanvasElement} canvas @param {Words} words */
  constructor(canvas, words) {
    this.canvas = canvas;
    this.words = words;
    this.x = this.y = 0.5;
    this.down = false;
    this.mark = el('div', { class: 'pen', hidden: true });
    this.announcement = el('div', { class: 'said', 'aria-live': 'polite' });
    canvas.getRootNode().appendChild(el('style', '', STYLE));
    canvas.parentElement?.append(this.mark, this.announcement);
    for (const other of /** @type {ParentNode} */ (canvas.getRootNode()).querySelectorAll('canvas')) {
      // Of its layers one answers to keys, and has the words.
      if (other !== canvas) other.setAttribute('aria-hidden', 'true');
    }
    canvas.tabIndex = 0;
    canvas.setAttribute('role', 'application');
    canvas.addEventListener('keydown', (event) => this.onKey(event));
    canvas.addEventListener('blur', () => {
      if (this.down) this.toggle();
      this.mark.hidden = true;
    });
  }

  /** @param {Words} words */
  rename(words) {
    this.words = words;
    this.canvas.setAttribute('aria-label', words.name);
    this.canvas.setAttribute('aria-description', words.keys);
    this.canvas.title = words.keys;
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    const move = arrowOf(event.key);
    if (event.ctrlKey || event.metaKey || event.altKey || !(move || event.key === ' ')) return;
    event.preventDefault();
    if (move) this.move(move, event.shiftKey ? STEP / 4 : STEP);
    else if (!event.repeat) this.toggle();
    this.mark.hidden = false;
    Object.assign(this.mark.style, { left: `${100 * this.x}%`, top: `${100 * this.y}%` });
  }

  /** @param {{ rows: number, columns: number }} way @param {number} step */
  move({ rows, columns }, step) {
    this.x = Math.min(1, Math.max(0, this.x + columns * step));
    this.y = Math.min(1, Math.max(0, this.y + rows * step));
    if (this.down) this.send('mousemove', document);
  }

  toggle() {
    this.down = !this.down;
    this.mark.classList.toggle('down', this.down);
    this.announcement.textContent = this.down ? this.words.down : this.words.up;
    if (this.down) this.send('mousedown', this.canvas);
    else this.send('mouseup', document);
  }

  /**
   * The canvas knows a mouse: it begins on the canvas and goes on anywhere in the document.
   *
   * @param {'mousedown' | 'mousemove' | 'mouseup'} type
   * @param {EventTarget} target
   */
  send(type, target) {
    const box = this.canvas.getBoundingClientRect();
    const [clientX, clientY] = [box.left + this.x * box.width, box.top + this.y * box.height];
    target.dispatchEvent(
      new MouseEvent(type, {
        clientX,
        clientY,
        button: 0,
        buttons: type === 'mouseup' ? 0 : 1,
        bubbles: true,
        composed: true,
        view: window,
      }),
    );
  }
}
