// @ts-check
// From what is on the first screen to the lessons that explain it: one press each.

import { el, fill } from '../lib/dom.js';
import { layerAt } from '../network/model.js';

/**
 * @typedef {import('../network/model.js').Place} Place
 * @typedef {import('../network/model.js').Reading} Reading
 *
 * @typedef {object} Way what the server is told
 * @property {'draw' | 'lenet' | 'train' | 'filter' | 'layer'} to
 * @property {number} item which filter
 * @property {number} call place of the layer's first operation among all torch calls
 * @property {number} digit the answer
 * @property {number} step batches after which its weights are those that are shown
 */

/**
 * The way on from a part of the picture: from a map of the first convolution to its filter, from any other layer to
 * its step; null from the image and the probabilities, which the drawing's own way explains.
 *
 * @param {{ header: { layers: Pick<import('../network/payload.js').LayerFacts, 'operations' | 'call'>[] } }} reading
 * @param {Place} place
 * @returns {Pick<Way, 'to' | 'item' | 'call'> | null}
 */
export function linkFrom(reading, place) {
  const facts = reading.header.layers[place.layer];
  if (!facts) return null;
  const isFirst = reading.header.layers.findIndex(({ operations }) => operations[0] === 'conv2d') === place.layer;
  return { to: isFirst ? 'filter' : 'layer', item: place.item, call: facts.call };
}

export class LessonLinks {
  /** @param {import('./payload.js').LinkWords} words @param {(way: Way) => void} go */
  constructor(words, go) {
    this.words = words;
    this.digit = 0;
    this.step = 0;
    /** @type {ReturnType<typeof linkFrom>} */
    this.part = null;
    /** @type {Record<string, string | number>} */
    this.facts = {};
    const button = (/** @type {Way['to']} */ to) =>
      el('button', {
        type: 'button',
        onclick: () => go({ item: 0, call: 0, ...this.part, to, digit: this.digit, step: this.step }),
      });
    this.ofPart = { filter: button('filter'), layer: button('layer') };
    this.ofAll = { draw: button('draw'), lenet: button('lenet'), train: button('train') };
    this.root = el('nav', 'ways', ...Object.values(this.ofAll), ...Object.values(this.ofPart));
    this.update('');
    this.rename(words);
  }

  /** @param {import('./payload.js').LinkWords} words in the language of the page, which may change */
  rename(words) {
    this.words = words;
    this.root.setAttribute('aria-label', words.name);
    for (const [to, button] of Object.entries(this.ofAll)) {
      button.textContent = words[/** @type {'draw' | 'lenet' | 'train'} */ (to)];
    }
    this.show(this.facts);
  }

  /** @param {string} run */
  update(run) {
    this.ofAll.train.hidden = !run;
  }

  /** The way from a part stays when the pointer leaves it, so that it can be pressed. */
  look(/** @type {Reading | null} */ reading, /** @type {Place | null} */ place) {
    this.digit = reading?.header.digit ?? 0;
    this.step = reading?.header.step ?? 0;
    if (!reading || !place) return;
    this.part = linkFrom(reading, place);
    const { operations, name } = layerAt(reading, place.layer);
    this.show({ item: place.item + 1, layer: [name, ...operations].filter(Boolean).join(' ') });
  }

  /** @param {Record<string, string | number>} facts */
  show(facts) {
    this.facts = facts;
    for (const [to, button] of Object.entries(this.ofPart)) {
      const text = fill(this.words[/** @type {'filter' | 'layer'} */ (to)], facts);
      if (button.textContent !== text) button.textContent = text;
      button.hidden = this.part?.to !== to;
    }
  }
}
