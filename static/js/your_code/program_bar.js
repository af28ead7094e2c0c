// @ts-check
// The bar over your program: examples, a file, Run and Stop, and the shape of the input of a module.

import { el } from '../lib/dom.js';
import { shapeFrom } from './editing.js';

/**
 * @typedef {import('./payload.d.ts').PageWords} PageWords
 * @typedef {import('./payload.d.ts').ExampleData} ExampleData
 *
 * @typedef {object} Acts what the reader does
 * @property {(key: string) => void} choose an example
 * @property {(file: File) => void} open
 * @property {() => void} start
 * @property {() => void} stop
 */

export class ProgramBar {
  choiceText = el('span');
  fileText = el('span');
  shapeText = el('span');

  /** @param {Acts} acts */
  constructor(acts) {
    this.choice = el('select', { onchange: () => acts.choose(this.choice.value) });
    this.file = el('input', { type: 'file', accept: '.py,.txt,text/x-python,text/plain' });
    this.file.addEventListener('change', () => {
      const file = this.file.files?.[0];
      this.file.value = '';
      if (file) acts.open(file);
    });
    this.run = el('button', { class: 'main run', onclick: acts.start });
    this.stop = el('button', { class: 'stop', onclick: acts.stop });
    this.shape = el('input', 'shape');
    this.shape.addEventListener('keydown', (event) => event.key === 'Enter' && acts.start());
    this.shapeLabel = el('label', { hidden: true }, this.shapeText, this.shape);
    this.element = el(
      'div',
      'bar',
      el('label', {}, this.choiceText, this.choice),
      el('label', 'file', this.fileText, this.file),
      this.run,
      this.stop,
      this.shapeLabel, // last: when it appears, the buttons stay where they are
    );
  }

  /** @param {PageWords} words @param {ExampleData[]} examples in the language of the page */
  rename(words, examples) {
    this.choiceText.textContent = words.example;
    this.fileText.textContent = words.open;
    this.run.textContent = `▶ ${words.run}`;
    this.run.title = words.run_keys;
    this.stop.textContent = `■ ${words.stop}`;
    this.shapeText.textContent = words.input_shape;
    this.choice.replaceChildren(
      el('option', { value: '' }, words.choose),
      ...examples.map(({ key, title }) => el('option', { value: key }, title)),
    );
  }

  /** @param {boolean} runs whether a program runs, or waits for its turn */
  show(runs) {
    this.run.disabled = runs;
    this.stop.disabled = !runs;
  }

  /** Asks for the shape of a module's input; null for a program that makes its own. @param {number[] | null} shape */
  askShape(shape) {
    this.shapeLabel.hidden = !shape;
    this.shape.value = shape?.join(', ') ?? '';
  }

  /** The shape of the input: null where none is asked for, undefined where what was typed is none. */
  get inputShape() {
    if (this.shapeLabel.hidden || !this.shape.value.trim()) return null;
    return shapeFrom(this.shape.value) ?? undefined;
  }
}
