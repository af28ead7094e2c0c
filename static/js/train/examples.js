// @ts-check
// Beside the curve: the first filters and the answers to ten test digits, with each of the run's newest weights.

import { el, fill } from '../lib/dom.js';
import { drawing } from '../lib/lifecycle.js';
import { live } from '../lib/live.js';
import { reader } from '../lib/message.js';
import { colour, themeOf } from '../network/colours.js';

/** @typedef {import('./payload.js').ExamplesHeader} Header */

export default drawing({
  mount: ({ parentElement, data }) => new Examples(parentElement, data),
  update: (examples, { data }) => examples.update(data),
  end: (examples) => examples.line.end(),
});

class Examples {
  /** @param {HTMLElement & ShadowRoot} host @param {import('./payload.js').ExamplesData} data */
  constructor(host, data) {
    this.data = data;
    this.asked = '';
    this.said = el('p', { class: 'said', 'aria-live': 'off' });
    this.digits = el('div', 'row');
    this.filters = el('div', 'row');
    this.filtersTitle = el('p', 'title', data.words.filters);
    this.root = el(
      'div',
      'examples',
      el('p', 'title', data.words.digits),
      this.digits,
      this.said,
      this.filtersTitle,
      this.filters,
    );
    host.replaceChildren(el('style', '', STYLE), this.root);
    this.updates = 0;
    this.line = live().line('examples', { answer: (header, floats) => this.take(header, floats) });
  }

  /** @param {import('./payload.js').ExamplesData} data */
  update(data) {
    this.data = data;
    const asks = `${data.network} ${data.state} ${data.language}`;
    if (asks !== this.asked) this.line.ask({ network: data.network }, data.language);
    this.asked = asks;
  }

  /** @param {Header & { refusal?: string }} header @param {Float32Array} floats */
  take(header, floats) {
    if (header.refusal) this.said.textContent = header.refusal;
    if (!header.answers) return; // the end of the stream
    const take = reader(floats);
    const [images, filters] = [header.images, header.filters].map((shape) => pictures(shape, take));
    const theme = themeOf(this.root);
    shown(this.digits, images, 'figure');
    images.forEach((image, n) => {
      const figure = this.digits.children[n];
      paint(/** @type {HTMLCanvasElement} */ (figure.firstElementChild), header.images, image, 1, theme.ink);
      this.say(figure, header.answers[n]);
    });
    shown(this.filters, filters, 'div');
    this.filtersTitle.hidden = !filters.length;
    const bound = Math.max(...filters.flatMap((filter) => [...filter].map(Math.abs)), 1e-6);
    filters.forEach((filter, n) => {
      const canvas = /** @type {HTMLCanvasElement} */ (this.filters.children[n].firstElementChild);
      paint(canvas, header.filters, filter, bound, theme.signed);
    });
    const right = header.answers.filter(({ label, digit }) => label === digit).length;
    const { words } = this.data;
    const facts = { step: header.step ?? 0, right, count: header.answers.length };
    this.said.textContent = fill(header.step ? words.right : words.first, facts);
    this.updates += 1;
    Object.assign(this.root.dataset, {
      updates: this.updates,
      right,
      learns: header.learns,
      step: header.step ?? 0,
    });
  }

  /** @param {Element} figure @param {import('./payload.js').ExampleAnswer} answer */
  say(figure, { label, digit, share }) {
    const percent = `${(100 * share).toFixed(0)}%`;
    figure.classList.toggle('wrong', digit !== label);
    figure.setAttribute('role', 'img');
    figure.setAttribute('aria-label', fill(this.data.words.one, { label, digit, share: percent }));
    const caption = figure.lastElementChild;
    if (caption) caption.replaceChildren(el('b', '', `${digit === label ? '' : '≠ '}${digit}`), ` ${percent}`);
  }
}

/** @param {number[]} shape (n, height, width) @param {(count: number) => Float32Array} take */
const pictures = ([count, height, width], take) => Array.from({ length: count }, () => take(height * width));

/** @param {HTMLElement} row @param {Float32Array[]} pictures @param {'figure' | 'div'} name */
function shown(row, pictures, name) {
  while (row.children.length > pictures.length) row.lastElementChild?.remove();
  while (row.children.length < pictures.length)
    row.append(name === 'figure' ? el('figure', '', el('canvas'), el('figcaption')) : el('div', '', el('canvas')));
}

/**
 * @param {HTMLCanvasElement} canvas @param {number[]} shape @param {Float32Array} values @param {number} bound
 * @param {Uint8ClampedArray} colours
 */
function paint(canvas, [, height, width], values, bound, colours) {
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
  const picture = context.createImageData(width, height);
  colour(picture.data, values, 0, bound, colours);
  context.putImageData(picture, 0, 0);
}

const STYLE = `
.examples { font-family: var(--st-font); color: var(--st-text-color); font-size: .8rem; }
.title { margin: .4rem 0 .2rem; font-weight: 600; font-size: .875rem; }
.said { margin: .2rem 0; font-variant-numeric: tabular-nums; }
.row { display: grid; grid-template-columns: repeat(auto-fill, minmax(2.4rem, 1fr)); gap: .25rem; max-width: 22rem; }
figure { margin: 0; text-align: center; font-variant-numeric: tabular-nums; }
canvas { width: 100%; aspect-ratio: 1; display: block; image-rendering: pixelated; box-sizing: border-box;
  border: 1px solid var(--st-border-color, #8884); }
figcaption { white-space: nowrap; line-height: 1.3; font-size: .75rem; }
.wrong canvas { outline: 2px solid light-dark(#c2570c, #ff9440); }
.wrong b { color: light-dark(#a94a00, #ffab66); }
[hidden] { display: none; }
`;
