// @ts-check
// How did it learn that: Start, the loss as it falls, and Stop.

import { el, fill, svg } from '../lib/dom.js';
import { brief } from '../lib/numbers.js';
import { pathOf } from './curve.js';

const SIZE = { width: 200, height: 56 };

export class Learn {
  /** @param {import('./payload.js').FirstWords} words @param {{ start: () => void, stop: () => void }} act */
  constructor(words, act) {
    this.words = words;
    this.run = '';
    this.learns = false;
    /** @type {{ step: number, loss: number }[]} */
    this.points = [];
    this.button = el('button', { class: 'main', type: 'button', onclick: () => this.press(act) });
    this.announcement = el('p', { class: 'note' });
    this.line = svg('path', {});
    const viewBox = `0 0 ${SIZE.width} ${SIZE.height}`;
    this.curve = svg('svg', { viewBox, preserveAspectRatio: 'none', role: 'img', class: 'curve' }, this.line);
    this.curve.style.display = 'none';
    this.root = el('div', 'learn', this.announcement, this.button, this.curve);
    this.rename(words);
  }

  /** @param {import('./payload.js').FirstWords} words in the language of the page, which may change */
  rename(words) {
    this.words = words;
    this.button.textContent = this.run ? words[this.learns ? 'stop' : 'again'] : words.start;
    if (!this.run) this.announcement.textContent = words.question;
  }

  /** @param {{ start: () => void, stop: () => void }} act */
  press({ start, stop }) {
    if (this.learns) stop();
    else start();
  }

  /** @param {{ run: string, learns: boolean, refusal: string }} data where `learns` is of now: the readings follow */
  update({ run, learns, refusal }) {
    if (refusal) this.announcement.textContent = refusal;
    if (run === this.run) return;
    this.run = run;
    this.points = [];
    this.curve.style.display = 'none';
    this.root.dataset.run = run;
    if (run) this.turn(learns);
  }

  /** @param {boolean} learns which decides what the button does */
  turn(learns) {
    this.learns = learns;
    this.button.textContent = learns ? this.words.stop : this.words.again;
    this.root.dataset.learns = String(learns);
  }

  /** @param {import('../network/payload.js').ReadingHeader} header */
  take({ step, loss, learns }) {
    if (!this.run) return;
    this.turn(learns);
    if (step === null || loss === null) {
      this.announcement.textContent = learns ? this.words.waits : this.words.question;
      return;
    }
    if (step > (this.points.at(-1)?.step ?? -1)) this.points.push({ step, loss });
    this.announcement.textContent = fill(learns ? this.words.steps : this.words.learned, {
      step,
      loss: brief(loss),
    });
    if (this.points.length > 1) this.draw();
  }

  draw() {
    this.curve.style.display = '';
    this.line.setAttribute('d', pathOf(this.points, SIZE));
    const [first, last] = [this.points[0].loss, this.points[this.points.length - 1].loss].map(brief);
    this.curve.setAttribute('aria-label', fill(this.words.curve, { first, last }));
  }
}
