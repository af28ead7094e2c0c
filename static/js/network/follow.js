// @ts-check
// Has a drawing read over the live channel, as often as the server answers: what was drawn meanwhile is read next.

import { flat } from './strokes.js';

/**
 * @typedef {object} Asking
 * @property {string} network
 * @property {string} language
 *
 * @typedef {object} Channel what is used of it
 * @property {(instrument: string, listener: import('../lib/live.js').Listener) => import('../lib/live.js').Line} line
 */

export class Follow {
  /**
   * @param {Channel} channel
   * @param {Asking} asking
   * @param {{ read: (header: any, floats: Float32Array) => void, refused: (sentence: string) => void,
   *   connected?: (is: boolean) => void }} listener
   */
  constructor(channel, asking, listener) {
    this.asking = asking;
    this.listener = listener;
    /** @type {import('./strokes.js').Stroke[]} */
    this.strokes = [];
    this.dirty = false;
    this.version = '';
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
    this.dirty = true;
    this.pump();
  }

  /** Has it read by another network. @param {Asking} asking */
  by(asking) {
    if (asking.network !== this.asking.network) this.version = '';
    this.asking = asking;
    this.read(this.strokes);
  }

  // The strokes go out just before the question: while one is under way, more of them would only wait.
  pump() {
    if (!this.dirty || this.line.underWay) return;
    this.dirty = false;
    const numbers = flat(this.strokes);
    if (numbers.length) this.line.keep('strokes', [numbers.length / 3, 3], numbers);
    const { network, language } = this.asking;
    this.line.ask({ network, known: this.version, reads: numbers.length ? 'strokes' : 'nothing' }, language);
  }

  /** @param {any} header @param {Float32Array} floats */
  take(header, floats) {
    if (header.layers) this.version = header.version;
    this.pump(); // first, so that the server computes while this is painted
    if (header.refusal) this.listener.refused(header.refusal);
    else if (header.layers) this.listener.read(header, floats);
  }

  end() {
    this.line.end();
  }
}
