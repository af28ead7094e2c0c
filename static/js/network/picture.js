// @ts-check
// The picture of a network: it follows each new reading, answers to pointer, touch and keys, and looks closer.

import { el } from '../lib/dom.js';
import { hint } from '../lib/hint.js';
import { onTheme } from '../lib/theme.js';
import { themeOf } from './colours.js';
import { cellIn, hit, layoutOf, namedAt } from './layout.js';
import { lastOf, layerAt, moveByKey, readingOf } from './model.js';
import { layersOf, Painter } from './painter.js';
import { partsOf, sentenceOf } from './place_text.js';
import { closerOf } from './zoom.js';

/**
 * @typedef {import('./model.js').Place} Place
 * @typedef {import('./model.js').Reading} Reading
 */

const ZOOM_MS = 450;
const WAVE_MS = 1600; // for what flows through, from the image to the probabilities
const SLIDE_MS = 260; // the window stands on one cell for so long
const QUIET_MS = 350; // after this long without a change the sentence is read aloud
const EVERYTHING = 1e3; // layers

export class Picture {
  /** @param {import('./payload.js').PictureWords} words */
  constructor(words) {
    this.words = words;
    this.hint = hint(words, 'hint');
    this.canvas = el('canvas', { 'aria-hidden': 'true' }); // the stage around it has the words
    this.painter = new Painter(this.canvas);
    this.back = el('button', { class: 'back', type: 'button', onclick: () => this.zoom(false) });
    this.announcement = el('p', { class: 'said' });
    this.spoken = el('div', { class: 'spoken', 'aria-live': 'polite' });
    this.stage = el('div', { class: 'stage', tabindex: 0, role: 'application' }, this.canvas);
    this.root = el('div', { class: 'picture' }, this.stage, this.back, this.announcement, this.spoken);
    this.rename(words);
    this.back.hidden = true;
    this.still = matchMedia('(prefers-reduced-motion: reduce)');
    /** @type {Reading | null} */
    this.reading = null;
    /** @type {import('./layout.js').Layout | null} before there is room */
    this.layout = null;
    this.laidOut = ''; // what it is laid out for
    /** @type {Place | null} */
    this.place = null;
    /** @type {(reading: Reading | null, place: Place | null) => void} */
    this.looked = () => {}; // is told what is looked at, with each reading
    this.placeStays = false; // by key or touch: the pointer's leaving does not forget it
    this.closer = 0;
    this.closerGoal = 0; // where `closer` goes
    this.waves = 0;
    this.flow = EVERYTHING;
    this.goal = EVERYTHING; // where `flow` goes
    this.backwards = false; // whether it goes from the last layer to the first
    /** @type {number | null} the layer at which something is happening */
    this.now = null;
    this.slid = 0;
    this.frame = 0;
    this.last = 0;
    /** @type {ResizeObserver} */
    this.resized = new ResizeObserver(() => this.layOut());
    this.resized.observe(this.stage);
    onTheme(this.stage, () => {
      this.layOut();
      cancelAnimationFrame(this.frame);
      this.tick(performance.now());
    });
    this.listen();
  }

  /** @param {import('./payload.js').PictureWords} words in the language of the page, which may change */
  rename(words) {
    this.words = words;
    this.hint = hint(words, 'hint');
    this.back.textContent = words.back;
    this.stage.setAttribute('aria-label', words.name);
    this.stage.setAttribute('aria-description', words.keys);
    if (this.reading) this.announcement.textContent = this.sentence();
  }

  listen() {
    const at = (/** @type {MouseEvent} */ event) => {
      const { left, top } = this.canvas.getBoundingClientRect();
      return this.placeAt(event.clientX - left, event.clientY - top);
    };
    this.stage.addEventListener('pointermove', (event) => {
      if (event.pointerType === 'touch') return;
      const place = at(event);
      this.nameAt(event);
      if (place) this.look(place, false);
      else if (!this.placeStays && !this.closerGoal) this.look(null, false);
    });
    this.stage.addEventListener(
      'pointerleave',
      () => !this.placeStays && !this.closerGoal && this.look(null, false),
    );
    this.stage.addEventListener('click', (event) => {
      if (event.detail < 2 || !this.closerGoal) this.click(at(event)); // a double click is one
    });
    this.stage.addEventListener('keydown', (event) => this.key(event));
    this.back.addEventListener('keydown', (event) => event.key === 'Escape' && this.key(event));
    this.stage.addEventListener('blur', () => {
      if (!this.closerGoal && this.placeStays) this.look(null, false);
    });
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
    this.closer = this.closerGoal = 0;
    this.back.hidden = true;
  }

  layOut() {
    const [width, height] = [this.stage.clientWidth, this.stage.clientHeight];
    if (!this.reading || width < 40 || height < 40) return;
    const layers = layersOf(this.reading);
    const size = Math.max(11, Math.min(17, width / 64));
    this.painter.words = this.words;
    const longest = this.painter.longest(layers, size);
    const key = `${width} ${height} ${longest} ${layers.map(({ shape }) => shape).join(' ')}`;
    if (key !== this.laidOut || !this.layout) this.layout = layoutOf(layers, width, height, longest);
    else this.layout = { ...this.layout, placed: this.layout.placed.map((at, n) => ({ ...at, layer: layers[n] })) };
    this.laidOut = key;
    this.placeBack();
    this.painter.set(this.reading, this.layout, themeOf(this.stage, this.reading.gradients), size);
    this.say();
    this.draw();
  }

  /** Lets what was read flow through the network, layer after layer. */
  wave() {
    if (this.still.matches) return;
    this.waves += 1;
    this.root.dataset.waves = String(this.waves);
    this.flow = -1;
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
    const isWhole = !Number.isFinite(layer);
    this.goal = isWhole ? (back ? -1 : EVERYTHING) : layer;
    this.now = now;
    if (this.backwards !== back) this.flow = back ? (this.reading ? lastOf(this.reading) + 1 : 0) : -1;
    this.backwards = back;
    if (isWhole || this.still.matches || this.flow === EVERYTHING) this.flow = this.goal;
    this.draw();
  }

  /** Shows the whole of a name that is cut, under the pointer. @param {MouseEvent} event */
  nameAt(event) {
    const { left, top } = this.canvas.getBoundingClientRect();
    const named =
      this.layout && !this.closerGoal && namedAt(this.layout, event.clientX - left, event.clientY - top);
    const whole = named ? this.painter.cutName(named) : '';
    if (this.canvas.title !== whole) this.canvas.title = whole;
  }

  /** @param {number} x @param {number} y @returns {Place | null} */
  placeAt(x, y) {
    if (!this.reading || !this.layout) return null;
    if (!this.closerGoal || !this.place) return hit(this.layout, x, y);
    const { box } = closerOf(this.reading, this.place, this.layout.width, this.layout.height);
    const inside = x >= box.x && y >= box.y && x < box.x + box.width && y < box.y + box.height;
    return inside ? { ...this.place, cell: cellIn(box, layerAt(this.reading, this.place.layer), x, y) } : null;
  }

  /** @param {Place | null} place @param {boolean} stays */
  look(place, stays) {
    this.placeStays = stays;
    if (String(Object.values(place ?? {})) === String(Object.values(this.place ?? {}))) return;
    this.place = place;
    this.slid = performance.now() + 2000; // the window goes on by itself after a while
    this.say();
    this.draw();
  }

  /** @param {Place | null} place */
  click(place) {
    this.stage.focus({ preventScroll: true });
    if (this.closerGoal) return place ? this.look(place, true) : this.zoom(false);
    if (!place) return this.look(null, false);
    const again = this.place && place.layer === this.place.layer && place.item === this.place.item;
    this.look(place, true);
    if (again) this.zoom(true);
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (!this.reading || event.ctrlKey || event.metaKey || event.altKey) return;
    const place = moveByKey(this.reading, this.place, event.key, this.closerGoal > 0);
    if (place) this.look(place, true);
    else if (event.key === 'Enter' || event.key === ' ') this.zoom(!this.closerGoal);
    else if (event.key === 'Escape' && this.closerGoal) this.zoom(false);
    else if (event.key === 'Escape' && this.place) this.look(null, false);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** Looks closer at the chosen place, or goes back. @param {boolean} closer */
  zoom(closer) {
    if (closer && (!this.place || this.place.layer < 0)) return;
    this.closerGoal = closer ? 1 : 0;
    this.back.hidden = !closer;
    this.placeBack();
    if (!closer) this.stage.focus({ preventScroll: true });
    this.placeStays = true;
    this.slid = performance.now() + 800;
    if (this.still.matches) this.closer = this.closerGoal;
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
      this.last = performance.now();
      this.frame = requestAnimationFrame((now) => this.tick(now));
    }
  }

  /** @param {number} now */
  tick(now) {
    this.frame = 0;
    if (!this.reading || !this.layout) return;
    const passed = Math.max(0, now - this.last);
    this.last = now;
    this.move(passed);
    const way = this.closerGoal - this.closer;
    this.closer += Math.sign(way) * Math.min(Math.abs(way), passed / ZOOM_MS);
    this.slide(now);
    const eased = this.closer * this.closer * (3 - 2 * this.closer);
    this.painter.paint({
      place: this.place,
      closer: eased,
      wave: this.flow,
      back: this.backwards,
      now: this.now,
    });
    if (this.closer !== this.closerGoal || this.flow !== this.goal || this.slides()) {
      this.frame = requestAnimationFrame((later) => this.tick(later));
    }
  }

  /** Moves what flows through towards where it goes. @param {number} passed milliseconds */
  move(passed) {
    const count = this.layout?.placed.length ?? 0;
    const way = this.goal - this.flow;
    const most = (passed / WAVE_MS) * (count + 1);
    if (this.goal === EVERYTHING && this.flow >= count) this.flow = EVERYTHING;
    else this.flow += Math.sign(way) * Math.min(Math.abs(way), most);
  }

  // In the closer look the window goes over the map by itself, until a hand moves it.
  slides() {
    const { reading, place } = this;
    return reading && place && this.closerGoal > 0 && !this.still.matches && layerAt(reading, place.layer).rows > 1;
  }

  /** @param {number} now */
  slide(now) {
    if (!this.slides() || now - this.slid < SLIDE_MS) return;
    this.slid = now;
    const place = /** @type {Place} */ (this.place);
    const { rows, columns } = layerAt(/** @type {Reading} */ (this.reading), place.layer);
    this.place = { ...place, cell: (place.cell + 1) % (rows * columns) };
    this.announcement.textContent = this.sentence();
  }

  sentence() {
    return this.reading && this.place ? sentenceOf(this.reading, this.place, this.words) : this.hint;
  }

  // For a screen reader: also how close the look is, and in the closer one what each part adds.
  /** @param {string} sentence */
  aloud(sentence) {
    const { reading, place, words, layout } = this;
    if (!this.closerGoal || !reading || !place || !layout) return sentence;
    return [words.closer, sentence, partsOf(reading, place, layout, words)].filter(Boolean).join(' ');
  }

  say() {
    const sentence = this.sentence();
    this.announcement.textContent = sentence;
    const { layer, item } = this.place ?? {};
    this.root.dataset.layer = String(layer ?? '');
    this.root.dataset.item = String(item ?? '');
    this.looked(this.reading, this.place);
    clearTimeout(this.quiet);
    this.quiet = setTimeout(() => {
      this.spoken.textContent = this.place ? this.aloud(sentence) : '';
    }, QUIET_MS);
  }

  end() {
    cancelAnimationFrame(this.frame);
    clearTimeout(this.quiet);
    this.resized.disconnect();
  }
}

export const STYLE = `
.picture { position: relative; display: flex; flex-direction: column; min-height: 0; min-width: 0; }
.picture > .stage { flex: 1 1 0; min-height: 0; border-radius: 8px; outline-offset: 2px; position: relative; overflow: hidden; }
.picture > .stage:focus-visible { outline: 2px solid var(--st-primary-color, #1f6feb); }
.picture > .stage canvas { position: absolute; inset: 0; width: 100%; height: 100%; object-fit: contain; touch-action: pan-y pinch-zoom; cursor: pointer; }
.picture .back { position: absolute; right: 0; z-index: 2; }
.picture .said { margin: .25rem 0 0; min-height: 2.6em; line-height: 1.3; font-size: .875rem; }
.picture > .spoken { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
`;
