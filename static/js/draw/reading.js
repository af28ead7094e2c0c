// @ts-check
// What a network reads of the canvas while the pen moves: digit, doubt, and the picture of the network.

import { el, fill } from '../lib/dom.js';
import { drawing } from '../lib/lifecycle.js';
import { live } from '../lib/live.js';
import { markDrawn } from '../lib/mark_drawn.js';
import { Follow } from '../network/follow.js';
import { Height } from '../network/height.js';
import { Picture } from '../network/picture.js';
import { STYLE as PICTURE_STYLE } from '../network/style.js';
import { CanvasListener } from './canvas_listener.js';
import { asObjects, keep } from './store.js';

const QUIET_MS = 500; // after this long without a change a screen reader is told

export default drawing({
  mount: (
    /** @type {import('../lib/lifecycle.js').Component<import('./payload.js').ReadingData>} */ {
      parentElement,
      data,
    },
  ) => new Reading(parentElement, data),
  update: (reading, { data }) => reading.update(data),
  end: (reading) => reading.end(),
});

class Reading {
  /** @param {HTMLElement & ShadowRoot} host @param {import('./payload.js').ReadingData} data */
  constructor(host, data) {
    this.data = data;
    this.picture = new Picture(data.words.picture);
    this.digit = el('span', 'digit');
    this.share = el('span');
    this.head = el('p', 'head', this.digit, this.share);
    this.note = el('p', 'note');
    this.announcement = el('div', { 'aria-live': 'polite' }, this.head, this.note);
    this.root = el('div', 'reading', this.announcement, this.picture.root);
    host.replaceChildren(el('style', '', PICTURE_STYLE + STYLE), this.root);
    markDrawn(host);
    this.height = new Height(this.root);
    this.readings = 0;
    this.follow = new Follow(live(), this.asking(), {
      read: (header, floats) => this.read(header, floats),
      refused: (sentence) => {
        this.note.textContent = sentence;
      },
      connected: (is) => {
        this.root.dataset.connected = String(is);
      },
    });
    this.listening = new CanvasListener(data.frame, (strokes, rests, byHand) => {
      this.rests = rests || (this.rests && !byHand);
      if (this.data.image.length) return;
      this.follow.read(strokes);
      const { canvas, side, pen, stamp } = this.data;
      // The page does so later: now it may be closed.
      if (rests && byHand) keep(canvas, asObjects(strokes, side, pen), stamp);
    });
  }

  asking() {
    const { network, language, pen, centred, reason, of_page } = this.data;
    return { network, language, settings: { pen, centred, reason, of_page } };
  }

  /** @param {import('./payload.js').ReadingData} data */
  update(data) {
    this.data = data;
    this.picture.rename(data.words.picture);
    this.follow.asking = this.asking();
    if (data.image.length) this.follow.readImage(Float32Array.from(data.image));
    else {
      this.listening.tell(data.stamp, data.strokes);
      this.follow.read(this.listening.strokes); // by another network, perhaps, or framed in another way
    }
  }

  /** @param {import('../network/payload.js').ReadingHeader} header @param {Float32Array} floats */
  read(header, floats) {
    this.picture.take(header, floats);
    this.readings += 1;
    this.root.dataset.readings = String(this.readings);
    this.say(header);
    if (!this.rests || !this.follow.isDone) return;
    this.rests = false;
    if (header.digit !== null) this.picture.wave();
  }

  /** @param {import('../network/payload.js').ReadingHeader} header */
  say({ digit, doubt, probabilities, note }) {
    const { words } = this.data;
    const share = 100 * Math.max(...probabilities);
    const digitText = digit === null ? '' : doubt ? `${digit}?` : String(digit);
    if (digit === null) delete this.root.dataset.answer;
    else this.root.dataset.answer = digitText;
    this.digit.textContent = digitText;
    this.share.textContent =
      digit === null
        ? words.empty
        : fill(doubt ? words.doubts : words.sure, { share: `${share.toFixed(doubt ? 0 : 1)}%` });
    const reason = digit === null ? '' : (words.doubt[doubt] ?? '');
    this.note.textContent = [reason, note].filter(Boolean).join(' ');
    this.announcement.ariaBusy = 'true';
    clearTimeout(this.quiet);
    this.quiet = setTimeout(() => {
      this.announcement.ariaBusy = 'false';
    }, QUIET_MS);
  }

  end() {
    clearTimeout(this.quiet);
    this.height.end();
    this.listening.end();
    this.follow.end();
    this.picture.end();
  }
}

const STYLE = `
.reading { display: flex; flex-direction: column; font-family: var(--st-font); color: var(--st-text-color);
  height: clamp(380px, calc(100dvh - var(--top, 10rem) - 12px), 900px); }
.head { margin: 0 0 .25rem; display: flex; align-items: baseline; gap: .75rem; min-height: 2.6rem; }
.digit { font-size: 2.4rem; line-height: 1; font-weight: 700; }
.digit:empty { display: none; }
.note { margin: 0 0 .25rem; font-size: .875rem; line-height: 1.3; }
.note:empty { display: none; }
.reading .picture { flex: 1 1 0; }
button { font: inherit; font-size: .875rem; min-height: 2.2rem; padding: 0 .7rem; cursor: pointer; color: inherit;
  border-radius: 8px; background: var(--st-secondary-background-color); border: 1px solid var(--st-border-color); }
button:focus-visible { outline: 2px solid var(--st-primary-color); outline-offset: 2px; }
[hidden] { display: none !important; }
`;
