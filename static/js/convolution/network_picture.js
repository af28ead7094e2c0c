// @ts-check
// The picture of the network that the rows build: a digit goes through it, with the weights that it begins with.

import { el } from '../lib/dom.js';
import { drawing } from '../lib/lifecycle.js';
import { floatsOf, headerOf } from '../network/forward_pass.js';
import { Picture } from '../network/picture.js';
import { STYLE } from '../network/style.js';

export default drawing({
  mount: (
    /** @type {import('../lib/lifecycle.js').Component<import('./payload.js').DrawnData>} */ {
      parentElement,
      data,
    },
  ) => new DrawnNetwork(parentElement, data),
  update: (drawing, { data }) => drawing.take(data),
  end: (drawing) => drawing.picture.end(),
});

class DrawnNetwork {
  /** @param {HTMLElement & ShadowRoot} host @param {import('./payload.js').DrawnData} data */
  constructor(host, data) {
    this.picture = new Picture(data.words);
    this.title = '';
    host.replaceChildren(el('style', '', STYLE + OWN), el('div', 'drawn', this.picture.root));
  }

  /** @param {import('./payload.js').DrawnData} data */
  take(data) {
    this.picture.rename(data.words);
    if (data.title === this.title) return;
    this.title = data.title;
    this.picture.take(headerOf(data), floatsOf([data.numbers]));
  }
}

const OWN = `
  .drawn { height: clamp(15rem, 42vh, 26rem); display: grid; }
`;
