// @ts-check
// Beside the curve, with each of the run's newest weights: the picture of the network, the answers to ten test digits,
// of which one goes through the picture, and the first filters.

import { contextOf, el, fill, part } from '../lib/dom.js';
import { drawing } from '../lib/lifecycle.js';
import { live } from '../lib/live.js';
import { reader } from '../lib/message.js';
import { onTheme } from '../lib/theme.js';
import { colour, themeOf } from '../network/colours.js';
import { STYLE as PICTURE_STYLE } from '../network/style.js';
import { STYLE as LEARNING_STYLE, LearningNetwork } from './learning_network.js';

/**
 * @typedef {import('./payload.js').ExamplesHeader} Header
 * @typedef {import('./payload.js').ExamplesData} ExamplesData
 * @typedef {{ images: Float32Array[], filters: Float32Array[], header: Header | null }} Pictures
 */

const FIRST = 7; // the digit that goes through the picture before one is chosen

export default drawing({
  mount: (/** @type {import('../lib/lifecycle.js').Component<ExamplesData>} */ { parentElement, data }) =>
    new Examples(parentElement, data),
  update: (examples, { data }) => examples.update(data),
  end: (examples) => examples.end(),
});

class Examples {
  /** @param {HTMLElement & ShadowRoot} host @param {ExamplesData} data */
  constructor(host, data) {
    this.data = data;
    this.question = '';
    this.announcement = el('p', { class: 'said', 'aria-live': 'off' });
    this.digits = el('div', 'row');
    this.filters = el('div', 'row');
    this.filtersTitle = el('p', 'title', data.words.filters);
    this.learning = new LearningNetwork(data);
    /** @type {Pictures} what came last */
    this.pictures = { images: [], filters: [], header: null };
    this.root = el('div', 'examples', this.learning.root, el('p', 'title', data.words.digits), this.digits);
    this.root.append(this.announcement, this.filtersTitle, this.filters);
    host.replaceChildren(el('style', '', PICTURE_STYLE + LEARNING_STYLE + STYLE), this.root);
    this.updates = 0;
    onTheme(this.root, () => this.paint());
    this.line = live().line('examples', {
      answer: (/** @type {import('../lib/live.js').Reply<Header>} */ header, floats) => this.take(header, floats),
    });
  }

  /** @param {ExamplesData} data */
  update(data) {
    this.data = data;
    const asks = `${data.network} ${data.state} ${data.language}`;
    if (asks !== this.question) this.line.ask({ network: data.network }, data.language);
    this.question = asks;
    this.learning.update(data);
  }

  /** Has a digit go through the picture. @param {number} n */
  choose(n) {
    [...this.digits.children].forEach((button, at) => {
      button.setAttribute('aria-pressed', String(at === n));
    });
    this.learning.put(this.pictures.images[n]);
  }

  end() {
    this.line.end();
    this.learning.end();
  }

  /** @param {import('../lib/live.js').Reply<Header>} header @param {Float32Array} floats */
  take(header, floats) {
    if ('refusal' in header) this.announcement.textContent = header.refusal;
    if (!('answers' in header)) return; // the end of the stream
    const isFirst = !this.pictures.images.length;
    this.pictures = picturesOf(header, floats);
    this.show(header);
    if (isFirst) this.choose(Math.min(FIRST, this.pictures.images.length - 1));
    this.paint();
    this.announce(header);
  }

  /** @param {Header} header */
  show({ answers }) {
    const { images, filters } = this.pictures;
    showRow(this.digits, images.length, (n) =>
      el('button', { type: 'button', onclick: () => this.choose(n) }, el('canvas'), el('span')),
    );
    for (const n of images.keys()) this.say(this.digits.children[n], answers[n]);
    showRow(this.filters, filters.length, () => el('div', '', el('canvas')));
    this.filtersTitle.hidden = !filters.length;
  }

  paint() {
    const { images, filters, header } = this.pictures;
    if (!header) return;
    const theme = themeOf(this.root);
    for (const [n, image] of images.entries()) paint(this.digits.children[n], header.images, image, 1, theme.ink);
    const bound = Math.max(...filters.flatMap((filter) => [...filter].map(Math.abs)), 1e-6);
    for (const [n, filter] of filters.entries())
      paint(this.filters.children[n], header.filters, filter, bound, theme.signed);
  }

  /** Says how many digits are right, for the eye, the ear and the tests. @param {Header} header */
  announce({ answers, step, learns }) {
    const right = answers.filter(({ label, digit }) => label === digit).length;
    const { words } = this.data;
    this.announcement.textContent = fill(step ? words.right : words.first, {
      step: step ?? 0,
      right,
      count: answers.length,
    });
    this.updates += 1;
    Object.assign(this.root.dataset, { updates: this.updates, right, learns, step: step ?? 0 });
  }

  /** @param {Element} button @param {import('./payload.js').ExampleAnswer} answer */
  say(button, { label, digit, share }) {
    const percent = `${(100 * share).toFixed(0)}%`;
    button.classList.toggle('wrong', digit !== label);
    button.setAttribute('aria-label', fill(this.data.words.one, { label, digit, share: percent }));
    const caption = part(button, 'span', HTMLSpanElement);
    caption.replaceChildren(el('b', '', `${digit === label ? '' : '≠'}${digit}`), el('i', '', percent));
  }
}

/**
 * The numbers of a message: its images, then its filters.
 *
 * @param {Header} header
 * @param {Float32Array} floats
 * @returns {Pictures}
 */
function picturesOf(header, floats) {
  const take = reader(floats);
  const of = (/** @type {number[]} (n, height, width) */ [count, height, width]) =>
    Array.from({ length: count }, () => take(height * width));
  return { images: of(header.images), filters: of(header.filters), header };
}

/** @param {HTMLElement} row @param {number} count @param {(n: number) => HTMLElement} make */
function showRow(row, count, make) {
  while (row.children.length > count) row.lastElementChild?.remove();
  while (row.children.length < count) row.append(make(row.children.length));
}

/**
 * @param {Element} place what has the canvas
 * @param {number[]} shape @param {Float32Array} values @param {number} bound @param {Uint8ClampedArray} colours
 */
function paint(place, [, height, width], values, bound, colours) {
  const canvas = part(place, 'canvas', HTMLCanvasElement);
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  const context = contextOf(canvas);
  const picture = context.createImageData(width, height);
  colour(picture.data, values, 0, bound, colours);
  context.putImageData(picture, 0, 0);
}

const STYLE = `
.examples { font-family: var(--st-font); color: var(--st-text-color); font-size: .8rem; }
.title { margin: .4rem 0 .2rem; font-weight: 600; font-size: .875rem; }
.said { margin: .2rem 0; font-variant-numeric: tabular-nums; }
.row { display: grid; grid-template-columns: repeat(10, minmax(0, 1fr)); gap: .25rem; }
.row button { margin: 0; padding: 0; border: 0; background: none; color: inherit; font: inherit; text-align: center;
  font-variant-numeric: tabular-nums; cursor: pointer; min-width: 0; }
.row button:focus-visible { outline: 2px solid var(--st-primary-color, #1f6feb); outline-offset: 2px; }
.row button[aria-pressed=true] canvas { border: 2px solid light-dark(#d6246e, #ff6fa8); }
.row canvas { width: 100%; aspect-ratio: 1; display: block; image-rendering: pixelated; box-sizing: border-box;
  border: 1px solid var(--st-border-color, #8884); }
.row span { line-height: 1.3; height: 1.3em; font-size: .72rem; overflow: hidden; display: flex; flex-wrap: wrap;
  justify-content: center; gap: 0 .25em; } /* a share that has no room beside its digit is not shown */
.row i { font-style: normal; }
.wrong canvas { outline: 2px solid light-dark(#c2570c, #ff9440); }
.wrong b { color: light-dark(#a94a00, #ffab66); }
[hidden] { display: none; }
`;
