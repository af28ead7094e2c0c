// @ts-check
// The slider of the loop that a moment is in: the iterations of the training, or the turns of the loop around a line.

import { el, fill } from '../lib/dom.js';
import { countOf, inIteration, iterations, turns } from './timeline_model.js';

/** @typedef {import('./timeline_model.js').Moment} Moment */

export class LoopSlider {
  at = 0; // the moment that is shown
  text = el('output', { 'aria-live': 'off' });

  /**
   * @param {import('./payload.d.ts').RecordData} record
   * @param {Moment[]} moments
   * @param {import('./payload.d.ts').ViewerWords} words
   * @param {(at: number) => void} go
   */
  constructor(record, moments, words, go) {
    this.record = record;
    this.moments = moments;
    this.words = words;
    this.iterations = iterations(moments);
    this.slider = el('input', {
      type: 'range',
      min: '0',
      oninput: () => go(this.momentAt(Number(this.slider.value))),
    });
    this.element = el('label', 'loop', this.text, this.slider);
  }

  /** Whether the program trains in iterations. */
  get iterates() {
    return this.iterations.length > 1;
  }

  /** The moment to which the slider leads. @param {number} value */
  momentAt(value) {
    const { moments, at } = this;
    if (this.iterates) return inIteration(moments, at, this.iterations[value]);
    return turns(moments, at)[value] ?? at;
  }

  /** @param {number} at */
  show(at) {
    this.at = at;
    const moment = this.moments[at];
    if (this.iterates) this.showIteration(moment);
    else this.showTurn(moment);
    this.slider.setAttribute('aria-label', this.text.textContent ?? '');
  }

  /** @param {Moment} moment */
  showIteration({ iteration }) {
    const { iterations: count } = this.record;
    this.set(this.iterations.indexOf(iteration), this.iterations.length);
    this.text.textContent = fill(this.words.iteration, { number: Math.min(iteration + 1, count), count });
  }

  /** @param {Moment} moment */
  showTurn({ line }) {
    const places = turns(this.moments, this.at);
    const at = places.indexOf(this.at);
    this.element.hidden = places.length < 2;
    this.set(at, places.length);
    const { count, more } = countOf(this.record, line);
    const sentence = more ? this.words.turn_more : this.words.turn;
    this.text.textContent = fill(sentence, { number: at + 1, kept: places.length, count: count || places.length });
  }

  /** @param {number} value @param {number} count */
  set(value, count) {
    this.slider.max = String(count - 1);
    this.slider.value = String(value);
  }
}
