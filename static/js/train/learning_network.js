// @ts-check
// The picture of the network that learns, with one of the test digits going through it: it changes with the weights.

import { el } from '../lib/dom.js';
import { live } from '../lib/live.js';
import { Follow } from '../network/follow.js';
import { Picture } from '../network/picture.js';

/** @typedef {import('./payload.js').ExamplesData} ExamplesData */

export class LearningNetwork {
  /** @param {ExamplesData} data */
  constructor(data) {
    this.picture = new Picture(data.words.picture);
    this.note = el('p', 'note');
    this.root = el('div', 'learning', this.picture.root, this.note);
    this.readings = 0;
    this.question = '';
    /** @type {Float32Array | null} */
    this.image = null;
    this.follow = new Follow(live(), this.asking(data), {
      read: (header, floats) => this.read(header, floats),
      refused: (sentence) => {
        this.note.textContent = sentence;
      },
    });
  }

  /** @param {ExamplesData} data */
  asking({ network, language }) {
    return { network, language };
  }

  /** Asks again where the run has got another state: what it handed out last is over. @param {ExamplesData} data */
  update(data) {
    this.picture.rename(data.words.picture);
    const question = `${data.network} ${data.state} ${data.language}`;
    if (question === this.question) return;
    this.question = question;
    this.follow.asking = this.asking(data);
    this.put(this.image);
  }

  /** Has another image go through. @param {Float32Array | null} image 28×28 from 0, paper, to 1, ink */
  put(image) {
    this.image = image;
    if (image) this.follow.readImage(image);
  }

  /** @param {import('../network/payload.js').ReadingHeader} header @param {Float32Array} floats */
  read(header, floats) {
    this.note.textContent = header.note;
    this.picture.root.hidden = !header.layers.length;
    if (!header.layers.length) return;
    this.picture.take(header, floats);
    this.readings += 1;
    Object.assign(this.root.dataset, { readings: this.readings, step: header.step ?? 0, digit: header.digit });
  }

  end() {
    this.follow.end();
    this.picture.end();
  }
}

export const STYLE = `
.learning { display: grid; grid-template-rows: minmax(0, 1fr) auto; height: clamp(19rem, calc(100vh - 27rem), 30rem); }
.learning .note { margin: 0; }
.learning .picture .said { font-size: .8rem; min-height: 2.4em; }
`;
