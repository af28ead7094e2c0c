// @ts-check
// The farthest zoom: the whole network as one picture, which fills as the walk proceeds and empties backwards.

import { el, fill } from '../lib/dom.js';
import { Height } from '../network/height.js';
import { Picture } from '../network/picture.js';
import { areSame } from './memo.js';
import { available, firstOf, reachedAt, readingAt, stepOf } from './network_model.js';

/** @typedef {import('./network_model.js').Shows} Shows */

export class Network {
  /** @param {import('./walk.js').Walk} walk */
  constructor(walk) {
    this.walk = walk;
    this.parts = partsOf(walk);
    const { labels, picture, pictureWords, pictureNote } = walk.step;
    /** @type {Shows} */
    this.shows = 'values';
    this.phase = '';
    this.version = '';
    this.picture = picture ? new Picture(pictureWords) : null;
    /** @type {Record<Shows, HTMLButtonElement>} */
    this.buttons = {
      values: this.button('values', labels.of_values),
      gradients: this.button('gradients', labels.of_gradients),
      weights: this.button('weights', labels.of_weights),
      weight_gradients: this.button('weight_gradients', labels.of_weight_gradients),
    };
    /** @type {number | null} the layer to whose step the button leads */
    this.layer = null;
    this.toStep = el('button', { class: 'to-step', type: 'button', onclick: () => this.go() });
    this.bar = el('div', { class: 'shows', role: 'group', 'aria-label': labels.network, hidden: !picture });
    this.bar.append(...Object.values(this.buttons), this.toStep);
    this.element = el('div', 'network', picture ? '' : el('p', 'note', pictureNote), this.picture?.root);
    this.height = new Height(this.element);
    if (this.picture) this.picture.onLook = (reading, place) => this.looked(reading, place);
  }

  /** Whether it is that of the step that is shown. */
  fits() {
    return areSame(partsOf(this.walk), this.parts);
  }

  get data() {
    return this.walk.step.picture;
  }

  /** @param {Shows} shows @param {string} text */
  button(shows, text) {
    return el('button', { type: 'button', onclick: () => this.choose(shows) }, text);
  }

  /** @param {Shows} shows */
  choose(shows) {
    this.shows = shows;
    this.show();
  }

  /**
   * @param {import('../network/model.js').Reading | null} reading
   * @param {import('../network/model.js').Place | null} place
   */
  looked(reading, place) {
    if (!reading || !place || place.layer < 0 || place.layer >= reading.layers.length) return;
    this.name(reading.places?.[place.layer] ?? place.layer);
  }

  /** @param {number | null} layer */
  name(layer) {
    this.layer = layer;
    const { labels } = this.walk.step;
    const { name, operations } = (layer === null ? null : this.data?.layers[layer]) ?? {
      name: '',
      operations: [''],
    };
    this.toStep.textContent = fill(labels.to_step, { layer: name || operations[0] });
    this.toStep.style.visibility = layer === null ? 'hidden' : '';
  }

  go() {
    if (this.data && this.layer !== null) this.walk.go(stepOf(this.data.tensors[this.layer], this.shows), 2);
  }

  /** Shows what there is at the step of the walk. */
  show() {
    const { data, picture, walk } = this;
    if (!data || !picture) return;
    const header = walk.step;
    const { phase } = header.steps[walk.at];
    if (phase !== this.phase) {
      const first = firstOf(phase);
      this.shows = available(data)[first] ? first : 'values';
    }
    this.phase = phase;
    for (const [shows, button] of Object.entries(this.buttons)) {
      button.setAttribute('aria-pressed', String(shows === this.shows));
      button.disabled = !available(data)[/** @type {Shows} */ (shows)];
    }
    this.element.dataset.shows = this.shows;
    const changes = walk.changes.text && JSON.stringify(walk.numbers.whatIf?.changes ?? []);
    const version = `${header.key} ${this.shows} ${changes}`;
    if (version !== this.version) picture.show(this.reading(header, version));
    this.version = version;
    const { to, back, now } = reachedAt(data, this.shows, walk.at, phase, walk.options.peek);
    picture.reach(to, back, now);
    this.element.dataset.now = now === null ? '' : String(now);
    this.name(now ?? this.layer);
  }

  /** @param {import('./walk.js').WalkHeader} header @param {string} title */
  reading(header, title) {
    const data = /** @type {import('./payload.js').NetworkData} */ (this.data);
    const supposed = this.walk.numbers.whatIf?.probabilities[1]?.map(Number);
    return readingAt(data, this.shows, {
      title,
      shapes: header.tensors.map(({ shape }) => shape),
      values: (tensor) => this.walk.numbers.of(tensor),
      probabilities: supposed ?? data.probabilities,
    });
  }

  end() {
    this.picture?.end();
    this.height.end();
  }
}

// What its elements are made of.
/** @param {import('./walk.js').Walk} walk */
const partsOf = ({ step: { labels, pictureWords, picture, pictureNote } }) => [
  labels,
  pictureWords,
  JSON.stringify([picture?.image, picture?.layers, pictureNote]),
];
