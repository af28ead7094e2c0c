// @ts-check
// The first screen: a digit writes itself and is read layer by layer; a hand that draws is read while it draws.

import { Announcement } from '../lib/announcement.js';
import { el, fill } from '../lib/dom.js';
import { drawing } from '../lib/lifecycle.js';
import { live } from '../lib/live.js';
import { markDrawn } from '../lib/mark_drawn.js';
import { keep, recallJson } from '../lib/tab_storage.js';
import { Follow } from '../network/follow.js';
import { Height } from '../network/height.js';
import { PAD_STYLE, Pad } from '../network/pad.js';
import { Picture } from '../network/picture.js';
import { STYLE as PICTURE_STYLE } from '../network/style.js';
import { Learn } from './learn.js';
import { LessonLinks } from './lesson_links.js';
import { STYLE } from './style.js';

const KEPT = 'stepwise.home'; // the drawing, in the storage of the tab

export default drawing({
  mount: (
    /** @type {import('../lib/lifecycle.js').Component<import('./payload.js').FirstData>} */ {
      parentElement,
      data,
    },
  ) => new First(parentElement, data),
  update: (first, { data, setTriggerValue }) => {
    first.tell = setTriggerValue;
    first.update(data);
  },
  end: (first) => first.end(),
});

class First {
  /** @param {HTMLElement & ShadowRoot} host @param {import('./payload.js').FirstData} data */
  constructor(host, data) {
    this.data = data;
    const { words } = data;
    /** @type {(name: string, value: unknown) => void} */
    this.tell = () => {};
    this.learn = new Learn(words, { start: () => this.tell('start', true), stop: () => this.tell('stop', true) });
    this.picture = new Picture(words.picture);
    this.ways = new LessonLinks(words.ways, (way) => this.tell('go', { ...way, strokes: this.pad.strokes }));
    this.picture.onLook = (reading, place) => this.ways.look(reading, place);
    this.pad = new Pad(words.pad, {
      changed: (rests) => this.follows(rests),
      taken: () => {
        this.root.dataset.hand = 'true';
      },
    });
    this.answer = el('p', 'answer');
    this.announcement = new Announcement();
    this.note = el('p', 'note');
    const readout = el('div', 'told', this.answer, this.note, this.buttons(), this.learn.root);
    const left = el('div', 'left', this.pad.root, this.announcement.root, readout);
    this.root = el('div', 'first', left, el('div', 'right', this.picture.root, this.ways.root));
    host.replaceChildren(el('style', '', PICTURE_STYLE + PAD_STYLE + STYLE), this.root);
    markDrawn(host);
    this.rests = false;
    this.isSettled = false; // the drawing that rests was read to its end once
    this.readings = 0;
    this.follow = new Follow(live(), this.asking(), {
      read: (header, floats) => this.read(header, floats),
      refused: (sentence) => {
        this.note.textContent = sentence;
      },
      connected: (is) => {
        this.root.dataset.connected = String(is);
      },
    });
    this.height = new Height(this.root);
    this.begin();
  }

  buttons() {
    const { words } = this.data;
    const button = (/** @type {string} */ text, /** @type {() => void} */ act) =>
      el('button', { type: 'button', onclick: act }, text);
    this.commands = {
      undo: button(words.undo, () => this.pad.undo()),
      clear: button(words.clear, () => this.pad.put([])),
      another: button(words.another, () => this.another()),
    };
    return el('div', 'buttons', ...Object.values(this.commands));
  }

  /** Says everything in the language of the page, which has changed; the answer follows with the next reading. */
  rename() {
    const { words } = this.data;
    this.learn.rename(words);
    this.picture.rename(words.picture);
    this.ways.rename(words.ways);
    this.pad.rename(words.pad);
    for (const [name, button] of Object.entries(this.commands ?? {})) {
      button.textContent = words[/** @type {'undo' | 'clear' | 'another'} */ (name)];
    }
  }

  begin() {
    const strokes = recallJson(KEPT);
    if (!strokes) {
      this.pad.write(this.data.examples[0]);
      return;
    }
    this.root.dataset.hand = 'true'; // only what a hand drew is kept
    this.pad.put(strokes);
  }

  another() {
    this.example = ((this.example ?? 0) + 1) % this.data.examples.length;
    this.pad.write(this.data.examples[this.example]);
  }

  asking() {
    return { network: this.data.network, language: this.data.language };
  }

  /** @param {import('./payload.js').FirstData} data */
  update(data) {
    const before = this.data;
    this.data = data;
    if (before.language !== data.language) this.rename();
    this.learn.update(data);
    this.ways.update(data.run);
    if (before.network !== data.network || before.language !== data.language) this.follow.by(this.asking());
  }

  /** @param {boolean} rests */
  follows(rests) {
    this.rests = rests;
    this.isSettled = false;
    this.follow.read(this.pad.strokes);
    if (rests) this.keep();
  }

  /** @param {import('../network/payload.js').ReadingHeader} header @param {Float32Array} floats */
  read(header, floats) {
    this.picture.take(header, floats);
    this.readings += 1;
    this.root.dataset.readings = String(this.readings);
    this.root.dataset.digit = String(header.digit ?? '');
    this.say(header);
    this.learn.take(header);
    const whole = this.rests && this.follow.isDone; // nothing that was drawn is still to be read
    this.root.dataset.rests = String(whole);
    if (!whole || this.isSettled) return;
    this.isSettled = true;
    if (header.digit !== null && !header.learns) this.picture.wave();
  }

  /** @param {import('../network/payload.js').ReadingHeader} header */
  say({ digit, doubt, probabilities }) {
    const { words } = this.data;
    const share = `${(100 * Math.max(...probabilities)).toFixed(0)}%`;
    const sentence = digit === null ? words.empty : fill(doubt ? words.doubts : words.reads, { digit, share });
    if (this.answer.textContent !== sentence) this.answer.textContent = sentence;
    this.announcement.say(sentence);
    const reason = digit === null ? '' : (words.doubt[doubt] ?? '');
    if (this.note.textContent !== reason) this.note.textContent = reason;
  }

  keep() {
    if (this.root.dataset.hand) keep(KEPT, JSON.stringify(this.pad.strokes));
  }

  end() {
    this.announcement.end();
    this.height.end();
    this.follow.end();
    this.picture.end();
    this.pad.end();
  }
}
