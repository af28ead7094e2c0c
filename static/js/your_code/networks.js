// @ts-check
// The picture of each module that the program called: what went through it the first time, the gradients, its weights.

import { el, fill } from '../lib/dom.js';
import { Picture } from '../network/picture.js';
import { reading, shortNames } from './networks_model.js';

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
    /** @type {'values' | 'gradients' | 'weights'} */
    this.shows = 'values';
    /** @type {Picture | null} */
    this.picture = null;
    const names = pictures.map(({ module, line }) => fill(words.module_line, { module, line }));
    this.choice = el(
      'select',
      { 'aria-label': words.module, onchange: () => this.choose(Number(this.choice.value)) },
      ...names.map((name, i) => el('option', { value: String(i) }, name)),
    );
    const button = (/** @type {'values' | 'gradients' | 'weights'} */ shows, /** @type {string} */ text) =>
      el('button', { type: 'button', onclick: () => this.turn(shows) }, text);
    this.buttons = {
      values: button('values', words.forward_values),
      gradients: button('gradients', words.gradient_values),
      weights: button('weights', words.weight_values),
    };
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
      pictures.length ? el('div', 'bar', this.choice, ...Object.values(this.buttons), this.step) : '',
      this.note,
      this.frame,
    );
  }

  /** @param {number} at */
  choose(at) {
    this.at = at;
    this.turn('values');
  }

  /** @param {'values' | 'gradients' | 'weights'} shows */
  turn(shows) {
    this.shows = shows;
    this.show();
  }

  /** Draws, when the tab is open: before it there is no room to measure. */
  show() {
    this.picture?.end();
    this.picture = null;
    this.frame.replaceChildren();
    const picture = this.pictures[this.at];
    if (!picture) {
      this.note.textContent = this.words.no_module;
      return;
    }
    const { gradients } = picture;
    const isDrawn = picture.layers.length > 0;
    for (const [shows, button] of Object.entries(this.buttons)) {
      button.setAttribute('aria-pressed', String(this.shows === shows));
      button.hidden = !isDrawn;
    }
    this.buttons.gradients.disabled = !gradients;
    this.buttons.weights.disabled = !picture.layers.some(({ weight }) => weight.length);
    this.note.textContent = this.saidOf(picture);
    if (!isDrawn) return;
    this.picture = new Picture(this.pictureWords(picture));
    this.frame.append(this.picture.root);
    this.picture.show(reading(picture, this.shows));
  }

  /** What is drawn of a module, and what is not. @param {PictureData} picture */
  saidOf({ layers, gradients, note }) {
    const { words } = this;
    const noted = note ? (note[this.language] ?? note.en ?? '') : '';
    if (!layers.length) return noted;
    const isFolded = layers.some(({ operations }) => operations.length > 1);
    const sentences = [noted, words.first_entry, isFolded ? words.folded : '', gradients ? '' : words.no_gradients];
    return sentences.filter(Boolean).join(' ');
  }

  /** @param {PictureData} picture @returns {import('../network/payload.js').PictureWords} */
  pictureWords(picture) {
    const { words } = this;
    const none = {
      sees: '',
      sees_all: '',
      image: words.input,
      pixel: words.input_cell,
      short: shortNames(picture),
    };
    /** @type {Record<string, string>} */
    const own = {};
    for (const [name, text] of Object.entries(words))
      if (name.startsWith('picture_')) own[name.slice('picture_'.length)] = text;
    return /** @type {import('../network/payload.js').PictureWords} */ (
      /** @type {unknown} */ ({ ...own, ...none })
    );
  }

  end() {
    this.picture?.end();
  }
}
