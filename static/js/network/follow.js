// @ts-check
// Has a drawing read over the live channel, as often as the server answers: what was drawn meanwhile is read next.

import { flat } from './strokes.js';

/**
 * @typedef {import('./payload.js').ReadingHeader} ReadingHeader
 *
 * @typedef {object} Asking
 * @property {string} network
 * @property {string} language
 * @property {Record<string, string | number | boolean>} [settings] others of the instrument
 *
 * @typedef {object} Channel what is used of it
 * @property {(instrument: string, listener: Listener) => Line} line
 *
 * @typedef {import('../lib/live.js').Listener<ReadingHeader>} Listener
 * @typedef {Pick<import('../lib/live.js').Line<ReadingHeader>, 'underWay' | 'keep' | 'ask' | 'end'>} Line
 */

export class Follow {
  /**
   * @param {Channel} channel
   * @param {Asking} asking
   * @param {{ read: (header: ReadingHeader, floats: Float32Array) => void, refused: (sentence: string) => void,
   *   connected?: (is: boolean) => void }} listener
   */
  constructor(channel, asking, listener) {
    this.asking = asking;
    this.listener = listener;
    /** @type {import('./strokes.js').Stroke[]} */
    this.strokes = [];
    /** @type {Float32Array | null} what is read in place of strokes: 28×28 from 0, paper, to 1, ink */
    this.image = null;
    this.dirty = false;
    this.weights = { network: asking.network, version: '' }; // whose weights are here already
    this.line = channel.line('network', {
      answer: (header, floats) => this.take(header, floats),
      connected: (is) => {
        listener.connected?.(is);
        if (is) this.pump();
      },
    });
  }

  /** Whether everything that was drawn has been read. */
  get isDone() {
    return !this.dirty && !this.line.underWay;
  }

  /** @param {import('./strokes.js').Stroke[]} strokes */
  read(strokes) {
    this.strokes = strokes;
    this.image = null;
    this.dirty = true;
    this.pump();
  }

  /** @param {Float32Array} image */
  readImage(image) {
    this.image = image;
    this.dirty = true;
    this.pump();
  }

  /** Has it read by another network. @param {Asking} asking */
  by(asking) {
    this.asking = asking;
    this.read(this.strokes);
  }

  // The strokes go out just before the question: while one is under way, more of them would only wait.
  pump() {
    if (!this.dirty || this.line.underWay) return;
    this.dirty = false;
    const { network, language, settings } = this.asking;
    if (network !== this.weights.network) this.weights = { network, version: '' };
    const reads = this.leave();
    this.line.ask({ ...settings, network, known: this.weights.version, reads }, language);
  }

  // Leaves with the server what is to be read; returns what it is.
  leave() {
    if (this.image) {
      this.line.keep('image', [28, 28], this.image);
      return 'image';
    }
    const numbers = flat(this.strokes);
    if (!numbers.length) return 'nothing';
    this.line.keep('strokes', [numbers.length / 3, 3], numbers);
    return 'strokes';
  }

  /** @param {import('../lib/live.js').Reply<ReadingHeader>} header @param {Float32Array} floats */
  take(header, floats) {
    if ('version' in header) this.weights.version = header.version;
    this.pump(); // first, so that the server computes while this is painted
    if ('refusal' in header) this.listener.refused(header.refusal);
    else if (!('over' in header)) this.listener.read(header, floats);
  }

  end() {
    this.line.end();
  }
}
