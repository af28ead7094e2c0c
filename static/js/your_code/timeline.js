// @ts-check
// The timeline: forwards and backwards by line, operation or iteration, with what there was at each moment.

import { el, fill } from '../lib/dom.js';
import { clampIndex } from '../lib/shapes.js';
import { marksOf } from './highlight.js';
import { LoopSlider } from './loop_slider.js';
import { MomentStrip } from './moment_strip.js';
import { MomentView, titleOf } from './moment_view.js';
import { OpenedCell } from './opened_cell.js';
import { moments, neighbour } from './timeline_model.js';

/** @typedef {import('./payload.d.ts').RecordData} RecordData */
/** @typedef {import('./payload.d.ts').ViewerWords} ViewerWords */
/** @typedef {import('./timeline_model.js').Pace} Pace */

export class Timeline {
  at = 0;
  /** @type {Pace} */
  pace = 'operation';

  /**
   * @param {RecordData} record
   * @param {ViewerWords} words
   * @param {(line: number, marks: Map<number, import('./highlight.js').Mark[]>) => void} light lights the program
   * @param {((question: import('./opened_cell.js').Question) => void) | null} ask asks for the arithmetic of a cell
   */
  constructor(record, words, light, ask = null) {
    this.record = record;
    this.words = words;
    this.light = light;
    this.opening = new OpenedCell(record, words, ask);
    this.all = moments(record);
    this.back = el('button', { class: 'back', 'aria-label': words.back, onclick: () => this.move(-1) }, '◀');
    this.on = el('button', { class: 'on', 'aria-label': words.forward, onclick: () => this.move(1) }, '▶');
    this.loop = new LoopSlider(record, this.all, words, (at) => this.go(at));
    this.slider = el('input', {
      type: 'range',
      class: 'moments',
      min: '0',
      max: String(Math.max(0, this.all.length - 1)),
      'aria-label': words.timeline,
      oninput: () => this.go(Number(this.slider.value)),
      onkeydown: (/** @type {KeyboardEvent} */ event) => this.key(event),
    });
    this.strip = new MomentStrip(this.all);
    this.where = el('div', { class: 'where', role: 'status' });
    this.panel = new MomentView(record, words, this.opening);
    const row = el('div', 'steps-row', this.back, this.on, this.paces(), this.where);
    const bar = el('div', 'steps-bar', row, this.strip.canvas, this.slider, this.loop.element);
    this.element = el('div', 'timeline', bar, this.panel.element);
  }

  /** The choice of how far one step goes. */
  paces() {
    const { by_line, by_operation, by_iteration, pace: label } = this.words;
    /** @type {[Pace, string][]} */
    const paces = [
      ['line', by_line],
      ['operation', by_operation],
      ...(this.loop.iterates ? [/** @type {[Pace, string]} */ (['iteration', by_iteration])] : []),
    ];
    const select = el(
      'select',
      { 'aria-label': label },
      ...paces.map(([pace, text]) => el('option', { value: pace, selected: pace === this.pace }, text)),
    );
    select.addEventListener('change', () => {
      this.pace = paces[select.selectedIndex][0];
    });
    return select;
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'ArrowLeft' || event.key === 'ArrowDown') this.move(-1);
    else if (event.key === 'ArrowRight' || event.key === 'ArrowUp') this.move(1);
    else return;
    event.preventDefault();
  }

  /** @param {1 | -1} direction */
  move(direction) {
    this.go(neighbour(this.all, this.at, direction, this.pace));
  }

  /** @param {number} at */
  go(at) {
    this.at = clampIndex(at, this.all.length);
    this.show();
  }

  /** The moment at line event `step`, or the last one before it that is kept. @param {number} step */
  goToStep(step) {
    let matches = 0;
    for (const [i, moment] of this.all.entries()) if (moment.step <= step) matches = i;
    this.go(matches);
  }

  show() {
    const moment = this.all[this.at];
    this.opening.close();
    if (moment) {
      this.showPlace(moment);
      this.loop.show(this.at);
      this.light(moment.line, marksOf(this.record.text, moment.line, moment.expression, 'now'));
    }
    this.panel.show(moment);
    this.strip.paint();
  }

  /** @param {import('./timeline_model.js').Moment} moment */
  showPlace(moment) {
    this.slider.value = String(this.at);
    this.back.disabled = this.at === 0;
    this.on.disabled = this.at === this.all.length - 1;
    const text = fill(this.words.moment, { number: this.at + 1, count: this.all.length, line: moment.line });
    this.where.textContent = text;
    this.slider.setAttribute('aria-valuetext', `${text} ${titleOf(moment)}`);
  }

  end() {
    this.strip.end();
  }
}
