// @ts-check
// The picture of a network: it follows each new reading, shows the place that is looked at, and moves.

import { el } from '../lib/dom.js';
import { hint } from '../lib/hint.js';
import { onTheme } from '../lib/theme.js';
import { themeOf } from './colours.js';
import { Flow } from './flow.js';
import { layoutOf } from './layout.js';
import { lastOf, layerAt, layersOf, readingOf } from './model.js';
import { Painter } from './painter.js';
import { PictureInput } from './picture_input.js';
import { partsOf, sentenceOf } from './place_text.js';

/**
 * @typedef {import('./model.js').Place} Place
 * @typedef {import('./model.js').Reading} Reading
 */

const ZOOM_MS = 450;
const SLIDE_MS = 260; // the window stands on one cell for so long
const QUIET_MS = 350; // after this long without a change the sentence is read aloud

export class Picture {
  canvas = el('canvas', { 'aria-hidden': 'true' }); // the stage around it has the words
  painter = new Painter(this.canvas);
  back = el('button', { class: 'back', type: 'button', onclick: () => this.zoom(false), hidden: true });
  announcement = el('p', 'said');
  spoken = el('div', { class: 'spoken', 'aria-live': 'polite' });
  stage = el('div', { class: 'stage', tabindex: 0, role: 'application' }, this.canvas);
  root = el('div', 'picture', this.stage, this.back, this.announcement, this.spoken);
  still = matchMedia('(prefers-reduced-motion: reduce)');
  /** @type {Reading | null} */
  reading = null;
  /** @type {import('./layout.js').Layout | null} before there is room */
  layout = null;
  layoutKey = ''; // what it is laid out for
  /** @type {Place | null} */
  place = null;
  placeStays = false; // by key or touch: the pointer's leaving does not forget it
  /** @type {(reading: Reading | null, place: Place | null) => void} */
  onLook = () => {}; // is told what is looked at, with each reading
  isCloser = false; // whether it goes to the closer look, or is there
  closer = 0; // how far it is there, from 0 to 1
  flow = new Flow();
  waves = 0;
  slideTime = 0; // when the window went to the next cell
  frame = 0;
  frameTime = 0; // when the last frame was painted
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  quiet;
  resize = new ResizeObserver(() => this.layOut());

  /** @param {import('./payload.js').PictureWords} words */
  constructor(words) {
    this.words = words;
    this.rename(words);
    this.resize.observe(this.stage);
    onTheme(this.stage, () => {
      this.layOut();
      cancelAnimationFrame(this.frame);
      this.tick(performance.now());
    });
    this.input = new PictureInput(this);
  }

  /** @param {import('./payload.js').PictureWords} words in the language of the page, which may change */
  rename(words) {
    this.words = words;
    this.back.textContent = words.back;
    this.stage.setAttribute('aria-label', words.name);
    this.stage.setAttribute('aria-description', words.keys);
    if (this.reading) this.announcement.textContent = this.sentence();
  }

  /** @param {import('./payload.js').ReadingHeader} header @param {Float32Array} floats */
  take(header, floats) {
    this.show(readingOf(header, floats, this.reading));
  }

  /** @param {Reading} reading */
  show(reading) {
    const before = this.reading;
    this.reading = reading;
    if (before && before.header.title !== reading.header.title) this.forget();
    this.layOut();
  }

  // Another network: what was looked at is not there any more.
  forget() {
    this.place = null;
    this.placeStays = false;
    this.isCloser = false;
    this.closer = 0;
    this.back.hidden = true;
  }

  layOut() {
    const [width, height] = [this.stage.clientWidth, this.stage.clientHeight];
    if (!this.reading || width < 40 || height < 40) return;
    const layers = layersOf(this.reading);
    const size = Math.max(11, Math.min(17, width / 64));
    this.painter.rename(this.words);
    const longest = this.painter.names.longest(layers, size);
    const key = `${width} ${height} ${longest} ${layers.map(({ shape }) => shape).join(' ')}`;
    if (key !== this.layoutKey || !this.layout) this.layout = layoutOf(layers, width, height, longest);
    else this.layout = { ...this.layout, placed: this.layout.placed.map((at, n) => ({ ...at, layer: layers[n] })) };
    this.layoutKey = key;
    this.placeBack();
    const theme = themeOf(this.stage, this.reading.gradients);
    this.painter.set({ reading: this.reading, layout: this.layout, theme, size });
    this.say();
    this.draw();
  }

  /** Lets what was read flow through the network, layer after layer. */
  wave() {
    if (this.still.matches) return;
    this.waves += 1;
    this.root.dataset.waves = String(this.waves);
    this.flow.begin();
    this.draw();
  }

  /**
   * Lets it flow to one layer and stand there: forwards, or from the last layer back.
   *
   * @param {number} layer Infinity for all of them
   * @param {boolean} back
   * @param {number | null} now the layer at which something is happening
   */
  reach(layer, back, now) {
    this.flow.reach(layer, back, now, this.reading ? lastOf(this.reading) + 1 : 0);
    if (this.still.matches) this.flow.stop();
    this.draw();
  }

  /** @param {Place | null} place @param {boolean} stays */
  look(place, stays) {
    this.placeStays = stays;
    if (String(Object.values(place ?? {})) === String(Object.values(this.place ?? {}))) return;
    this.place = place;
    this.slideTime = performance.now() + 2000; // the window goes on by itself after a while
    this.say();
    this.draw();
  }

  /** Looks closer at the chosen place, or goes back. @param {boolean} closer */
  zoom(closer) {
    if (closer && (!this.place || this.place.layer < 0)) return;
    this.isCloser = closer;
    this.back.hidden = !closer;
    this.placeBack();
    if (!closer) this.stage.focus({ preventScroll: true });
    this.placeStays = true;
    this.slideTime = performance.now() + 800;
    if (this.still.matches) this.closer = Number(closer);
    this.root.dataset.closer = String(closer);
    this.say();
    this.draw();
  }

  // In the corner that the closer look leaves free: beside the map itself, which stands last.
  placeBack() {
    if (this.back.hidden) return;
    const below = this.layout?.vertical ? this.stage.clientHeight - this.back.offsetHeight : 0;
    this.back.style.top = `${below}px`;
  }

  draw() {
    if (!this.frame) {
      this.frameTime = performance.now();
      this.frame = requestAnimationFrame((now) => this.tick(now));
    }
  }

  /** @param {number} now */
  tick(now) {
    this.frame = 0;
    if (!this.reading || !this.layout) return;
    const passed = Math.max(0, now - this.frameTime);
    this.frameTime = now;
    this.flow.move(passed, this.layout.placed.length);
    const goal = Number(this.isCloser);
    this.closer += Math.sign(goal - this.closer) * Math.min(Math.abs(goal - this.closer), passed / ZOOM_MS);
    this.slide(now);
    const eased = this.closer * this.closer * (3 - 2 * this.closer);
    this.painter.paint({
      place: this.place,
      closer: eased,
      wave: this.flow.at,
      back: this.flow.isBack,
      now: this.flow.now,
    });
    if (this.closer !== goal || !this.flow.rests || this.slidingPlace())
      this.frame = requestAnimationFrame((later) => this.tick(later));
  }

  /** In the closer look the window goes over the map by itself, until a hand moves it. */
  slidingPlace() {
    const { reading, place } = this;
    if (!reading || !place || !this.isCloser || this.still.matches) return null;
    const { rows, columns } = layerAt(reading, place.layer);
    return rows > 1 ? { place, cells: rows * columns } : null;
  }

  /** @param {number} now */
  slide(now) {
    const sliding = this.slidingPlace();
    if (!sliding || now - this.slideTime < SLIDE_MS) return;
    this.slideTime = now;
    this.place = { ...sliding.place, cell: (sliding.place.cell + 1) % sliding.cells };
    this.announcement.textContent = this.sentence();
  }

  sentence() {
    return this.reading && this.place ? sentenceOf(this.reading, this.place, this.words) : hint(this.words, 'hint');
  }

  // For a screen reader: also how close the look is, and in the closer one what each part adds.
  /** @param {string} sentence */
  aloud(sentence) {
    const { reading, place, words, layout } = this;
    if (!this.isCloser || !reading || !place || !layout) return sentence;
    return [words.closer, sentence, partsOf(reading, place, layout, words)].filter(Boolean).join(' ');
  }

  say() {
    const sentence = this.sentence();
    this.announcement.textContent = sentence;
    const { layer, item } = this.place ?? {};
    this.root.dataset.layer = String(layer ?? '');
    this.root.dataset.item = String(item ?? '');
    this.onLook(this.reading, this.place);
    clearTimeout(this.quiet);
    this.quiet = setTimeout(() => {
      this.spoken.textContent = this.place ? this.aloud(sentence) : '';
    }, QUIET_MS);
  }

  end() {
    cancelAnimationFrame(this.frame);
    clearTimeout(this.quiet);
    this.resize.disconnect();
  }
}
