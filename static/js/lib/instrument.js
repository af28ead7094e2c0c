// @ts-check
// What every instrument does: its settings are the hand's, Python is asked over the live channel and told at rest.

import { clock } from './clock.js';
import { ConnectionNotice } from './connection_notice.js';
import { Controls } from './controls.js';
import { live } from './live.js';
import { markDrawn } from './mark_drawn.js';
import { reader, unpack } from './message.js';
import * as pendingChanges from './pending_changes.js';
import { Hand } from './settings.js';
import { numel } from './shapes.js';

/**
 * The header that pages/shared/instruments.py sends, with the words of one instrument.
 *
 * @template Labels
 * @typedef {Omit<import('./payload.js').InstrumentData, 'labels'> & { labels: Labels }} Header
 */

/**
 * One instrument on the page; `build` makes its elements and `answer` paints what Python says.
 *
 * @template {{ lost: string, settings: string }} Labels its own words
 * @template {object} Answer what Python says in a part of an answer
 */
export class Instrument {
  /** @param {import('./lifecycle.js').Component<Uint8Array>} component */
  constructor({ parentElement, setStateValue }) {
    this.host = parentElement;
    this.tell = setStateValue;
    /** @type {Header<Labels> | null} */
    this.heard = null;
    this.controls = new Controls([], {}, () => {}); // until `build` makes those of this instrument
    this.connectionNotice = new ConnectionNotice();
    this.lost = this.connectionNotice.element;
    this.name = '';
    this.declaration = '';
    this.tensorsText = '';
    this.isBuilt = false;
    this.release = () => this.hand?.hold(false);
    for (const name of ['pointerup', 'pointercancel']) addEventListener(name, this.release, true);
  }

  /** What Python said last; `hear` comes before all that asks for it. */
  get header() {
    return /** @type {Header<Labels>} */ (this.heard);
  }

  /**
   * What Python says: the words, the settings where it is their source, tensors.
   *
   * @param {import('./lifecycle.js').Component<Uint8Array>} component
   */
  hear({ data, setStateValue }) {
    this.tell = setStateValue;
    /** @type {{ header: Header<Labels>, floats: Float32Array }} */
    const { header, floats } = unpack(data);
    this.heard = header;
    if (header.instrument !== this.name) this.begin(header.instrument);
    const declaration = JSON.stringify([header.instrument, header.declared, header.words, header.labels.settings]);
    const isNew = declaration !== this.declaration;
    this.declaration = declaration;
    this.lost.textContent = header.labels.lost;
    const moved = this.hand?.hear(header);
    if (isNew) {
      this.build();
      this.isBuilt = true;
    }
    const hasNewTensors = this.keep(header.tensors, floats);
    if (isNew || moved) this.show();
    if (isNew || moved || hasNewTensors) this.ask();
  }

  /**
   * Turns to an instrument: another line, and another hand.
   *
   * @param {string} name
   */
  begin(name) {
    this.leave();
    this.name = name;
    this.tensorsText = '';
    this.hand = new Hand((report) => this.tell('settings', report), clock);
    pendingChanges.add(this.hand);
    this.line = live().line(name, {
      answer: (/** @type {import('./live.js').Reply<Answer>} */ header, floats) => {
        if (this.isBuilt && this.name === name) this.answer(header, floats);
        markDrawn(this.host);
      },
      connected: (is) => this.connected(is),
    });
  }

  /**
   * Leaves tensors with the server; returns whether one is another than before.
   *
   * @param {{ name: string, shape: number[] }[]} tensors
   * @param {Float32Array} floats
   */
  keep(tensors, floats) {
    const next = reader(floats);
    const read = tensors.map(({ name, shape }) => ({
      name,
      shape,
      numbers: next(numel(shape)),
    }));
    const text = JSON.stringify(read.map(({ name, shape, numbers }) => [name, shape, [...numbers]]));
    if (text === (this.tensorsText || '[]')) return false;
    this.tensorsText = text;
    for (const { name, shape, numbers } of read) this.line?.keep(name, shape, numbers);
    return true;
  }

  /**
   * The controls of those settings that `wanted` chooses; a pointer on them holds the hand.
   *
   * @param {(name: string) => boolean} [matches]
   */
  controlsOf(matches = () => true) {
    const { declared, words, labels } = this.header;
    const controls = new Controls(
      declared.filter(({ name }) => matches(name)),
      words,
      (name, value) => this.change({ [name]: value }),
    );
    controls.root.setAttribute('role', 'group');
    controls.root.setAttribute('aria-label', labels.settings);
    controls.root.addEventListener('pointerdown', () => this.hand?.hold(true));
    return controls;
  }

  /** The settings as they are in the hand. @returns {import('./settings.js').Values} */
  get values() {
    return this.hand?.values ?? {};
  }

  /**
   * What the hand does: it counts at once.
   *
   * @param {import('./settings.js').Values} changes
   */
  change(changes) {
    this.hand?.move(changes);
    this.show();
    this.ask();
  }

  ask() {
    this.line?.ask(this.values, this.header.language);
  }

  /** Makes the elements, with `this.lost` among them. */
  build() {}

  /** Brings the controls to the settings. */
  show() {}

  /**
   * Paints one part of an answer.
   *
   * @param {import('./live.js').Reply<Answer>} _header
   * @param {Float32Array} _floats
   */
  answer(_header, _floats) {}

  /** @param {boolean} is */
  connected(is) {
    this.connectionNotice.connected(is);
  }

  end() {
    this.connectionNotice.end();
    for (const name of ['pointerup', 'pointercancel']) removeEventListener(name, this.release, true);
    this.leave();
  }

  /** Ends the hand and the line of the instrument so far. */
  leave() {
    this.hand?.tell();
    pendingChanges.remove(this.hand);
    this.line?.end();
  }
}
