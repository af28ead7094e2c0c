// @ts-check
// The picture of each module that the program called: what went through it the first time, and the gradients.

import { el, fill } from '../lib/dom.js';
import { Picture } from '../network/picture.js';
import { floatsOf } from '../network/still.js';
import { readingFacts, shortNames } from './networks_model.js';

/** @typedef {import('./payload.d.ts').PictureData} PictureData */
/** @typedef {import('./payload.d.ts').ViewerWords} ViewerWords */

export class Networks {
  /**
   * @param {PictureData[]} pictures
   * @param {ViewerWords} words
   * @param {string} language
   * @param {(step: number) => void} goTo
   */
  constructor(pictures, words, language, goTo) {
    this.pictures = pictures;
    this.words = words;
    this.language = language;
    this.at = 0;
    this.gradients = false;
    /** @type {Picture | null} */
    this.drawn = null;
    const names = pictures.map(({ module, line }) => fill(words.module_line, { module, line }));
    this.choice = el(
      'select',
      { 'aria-label': words.module, onchange: () => this.choose(Number(this.choice.value)) },
      ...names.map((name, i) => el('option', { value: String(i) }, name)),
    );
    this.values = el('button', { type: 'button', onclick: () => this.turn(false) }, words.forward_values);
    this.backward = el('button', { type: 'button', onclick: () => this.turn(true) }, words.gradient_values);
    this.step = el(
      'button',
      { type: 'button', onclick: () => goTo(this.pictures[this.at].step) },
      words.to_its_step,
    );
    this.note = el('p', 'note');
    this.frame = el('div', 'network-frame');
    this.element = el(
      'div',
      'networks',
      pictures.length ? el('div', 'bar', this.choice, this.values, this.backward, this.step) : '',
      this.note,
      this.frame,
    );
  }

  /** @param {number} at */
  choose(at) {
    this.at = at;
    this.turn(false);
  }

  /** @param {boolean} gradients */
  turn(gradients) {
    this.gradients = gradients;
    this.show();
  }

  /** Draws, when the tab is open: before it there is no room to measure. */
  show() {
    this.drawn?.end();
    this.drawn = null;
    this.frame.replaceChildren();
    const picture = this.pictures[this.at];
    if (!picture) {
      this.note.textContent = this.words.no_module;
      return;
    }
    const { note, gradients } = picture;
    for (const [button, is] of /** @type {const} */ ([
      [this.values, !this.gradients],
      [this.backward, this.gradients],
    ])) {
      button.setAttribute('aria-pressed', String(is));
      button.hidden = Boolean(note);
    }
    this.backward.disabled = !gradients;
    this.note.textContent = note
      ? (note[this.language] ?? note.en ?? '')
      : gradients || this.gradients
        ? this.words.first_entry
        : `${this.words.first_entry} ${this.words.no_gradients}`;
    if (note) return;
    const { header, numbers } = readingFacts(picture, this.gradients);
    this.drawn = new Picture(this.pictureWords(picture));
    this.frame.append(this.drawn.root);
    this.drawn.take(header, floatsOf(numbers));
  }

  /** The words of the picture; of a gradient it does not say what made it. @param {PictureData} picture @returns {import('../network/payload.js').PictureWords} */
  pictureWords(picture) {
    const { words } = this;
    const none = {
      sees: '',
      sees_all: '',
      image: words.input,
      pixel: words.input_cell,
      short: shortNames(picture),
    };
    const how = {
      sum: '',
      sum_of_maps: '',
      sum_of_units: '',
      maximum: '',
      mean: '',
      relu: '',
      stage: '',
      function: '',
    };
    const all = /** @type {Record<string, string>} */ (/** @type {unknown} */ (words));
    /** @type {Record<string, string>} */
    const own = {};
    for (const [name, text] of Object.entries(all))
      if (name.startsWith('picture_')) own[name.slice('picture_'.length)] = text;
    const gradient = this.gradients ? { ...how, map: words.gradient_map, unit: words.gradient_unit } : {};
    return /** @type {import('../network/payload.js').PictureWords} */ (
      /** @type {unknown} */ ({ ...own, ...none, ...gradient })
    );
  }

  end() {
    this.drawn?.end();
  }
}
