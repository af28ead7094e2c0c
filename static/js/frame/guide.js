// @ts-check
// The guide of a journey: one sentence beside what it speaks of; it waits for the action, then leads on.

import { clock } from '../lib/clock.js';
import { el } from '../lib/dom.js';
import { drawing } from '../lib/lifecycle.js';
import { keep, recall } from '../lib/tab_storage.js';
import { addressHas, findElement } from './find_element.js';
import { focusTitle } from './focus.js';
import { nextOf, waitsFor } from './guide_model.js';
import { placeOf } from './place.js';
import { runs } from './rerun.js';

const DONE = 'stepwise.journey.done'; // the position whose action is done, in the storage of the tab
const LOOK_MS = 200; // between two looks at the page
const AGAIN_MS = 2000; // after which the server is told again where the reader wants to go

export default drawing({
  mount: (
    /** @type {import('../lib/lifecycle.js').Component<import('./payload.js').GuideData>} */ { parentElement },
  ) => new Guide(parentElement),
  update: (guide, { data, setTriggerValue }) => {
    guide.tell = setTriggerValue;
    guide.update(data);
  },
  end: (guide) => guide.end(),
});

/** @typedef {{ to: 'next' | 'back' | 'there' | 'leave', step: number, done: boolean }} Report */

/** Whether the reader has done what the step waits for. @param {import('./payload.js').GuideData} data */
const isDone = ({ address, element }) =>
  (address !== '' && addressHas(address, location.search)) || (element !== '' && findElement(element) !== null);

class Guide {
  /** @param {HTMLElement & ShadowRoot} host */
  constructor(host) {
    /** @type {(name: string, value: unknown) => void} */
    this.tell = () => {};
    /** @type {Report | null} what the server was told and has not answered */
    this.report = null;
    this.toldAt = 0;
    this.isLeft = false; // by what stands in it, which had the focus
    this.count = el('span', 'count');
    this.says = el('p', 'says');
    this.after = el('p', 'after');
    const button = (/** @type {string} */ kind, /** @type {() => void} */ act) =>
      el('button', { type: 'button', class: kind, onclick: act });
    this.leave = button('leave', () => this.go('leave'));
    this.back = button('back', () => this.go('back'));
    this.next = button('next', () => this.go(this.data?.here ? 'next' : 'there'));
    const row = el('div', 'row', this.leave, this.count, this.back, this.next);
    this.card = el('section', { class: 'card', 'aria-live': 'polite' }, this.says, this.after, row);
    this.ring = el('div', { class: 'ring', hidden: true });
    this.root = el('div', { class: 'guide', popover: 'manual' }, this.ring, this.card);
    host.replaceChildren(el('style', {}, STYLE), this.root);
    this.root.showPopover?.();
    this.timer = setInterval(() => this.look(), LOOK_MS);
    this.key = (/** @type {KeyboardEvent} */ event) => this.onKey(event);
    addEventListener('keydown', this.key, true);
  }

  /** @param {import('./payload.js').GuideData} data */
  update(data) {
    const isNew = data.position !== this.data?.position || data.here !== this.data?.here;
    this.data = data;
    this.card.setAttribute('aria-label', data.words.name);
    if (isNew) {
      this.isFinished = recall(DONE) === data.position; // before a reload
      if (!this.isFinished) keep(DONE, '');
      this.isVisible = false;
      this.report = null;
      this.root.dataset.step = String(data.step);
    }
    this.says.textContent = data.says;
    this.count.textContent = `${data.step + 1} / ${data.count}`;
    this.leave.textContent = data.words.leave;
    this.back.textContent = data.words.back;
    this.back.hidden = !data.step || !data.here;
    this.look();
  }

  look() {
    const { data } = this;
    if (!data || document.hidden) return;
    if (this.report && !runs() && clock.now() - this.toldAt > AGAIN_MS) this.send(this.report);
    if (!this.isFinished && isDone(data)) {
      this.isFinished = true;
      keep(DONE, data.position);
    }
    const waits = waitsFor(data) && !this.isFinished;
    this.root.dataset.done = String(!waits);
    this.after.textContent = this.isFinished ? data.after : '';
    this.next.textContent = data.words[nextOf(data, waits)];
    this.stand(data.at ? findElement(data.at) : null);
  }

  // Beside what it speaks of; a target that is out of sight is brought into it once.
  stand(/** @type {Element | null} */ target) {
    if (target && !this.isVisible) {
      this.isVisible = true;
      target.scrollIntoView({ block: 'nearest' });
    }
    const box = target?.getBoundingClientRect();
    const visible = box && box.width > 0 && box.bottom > 0 && box.top < innerHeight ? box : null;
    this.ring.hidden = !visible;
    if (visible) {
      const { x, y, width, height } = visible;
      Object.assign(this.ring.style, { left: `${x - 4}px`, top: `${y - 4}px` });
      Object.assign(this.ring.style, { width: `${width + 8}px`, height: `${height + 8}px` });
    }
    const { offsetWidth: width, offsetHeight: height } = this.card;
    const at = placeOf(visible, { width, height }, { width: innerWidth, height: innerHeight });
    Object.assign(this.card.style, { left: `${at.x}px`, top: `${at.y}px` });
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    if (event.key === 'Escape' && event.composedPath().includes(this.card)) this.go('leave');
    if (event.key !== 'PageDown' && event.key !== 'PageUp') return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === 'PageUp') this.go('back');
    else this.go(this.data?.here ? 'next' : 'there');
  }

  /** @param {'next' | 'back' | 'there' | 'leave'} to */
  go(to) {
    if (!this.data || (this.report && to !== 'leave') || (to === 'back' && !this.data.step)) return;
    const isEnd = to === 'leave' || (to === 'next' && this.data.step === this.data.count - 1);
    if (isEnd) keep(DONE, '');
    this.isLeft = isEnd && this.card.matches(':focus-within');
    this.send({ to, step: this.data.step, done: this.root.dataset.done === 'true' });
  }

  // The server answers with another step, and to the same report twice as to one.
  send(/** @type {Report} */ report) {
    this.report = report;
    this.toldAt = clock.now();
    this.tell('move', report);
  }

  end() {
    clearInterval(this.timer);
    removeEventListener('keydown', this.key, true);
    if (this.isLeft) focusTitle();
  }
}

const STYLE = `
.guide { position: fixed; inset: 0; width: 100vw; height: 100vh; margin: 0; padding: 0; border: 0; overflow: visible;
  background: none; pointer-events: none; font-family: var(--st-font); color: var(--st-text-color); z-index: 999; }
.card { position: absolute; box-sizing: border-box; width: min(20rem, calc(100vw - 24px)); padding: .7rem .9rem;
  pointer-events: auto; border-radius: 10px; border: 2px solid #b3126b; background: var(--st-background-color);
  box-shadow: 0 4px 18px rgba(0, 0, 0, .3); }
.card p { margin: 0 0 .5rem; font-size: 1rem; line-height: 1.35; }
.card .after { font-weight: 600; }
.card .after:empty { display: none; }
.row { display: flex; gap: .5rem; align-items: center; }
.count { flex: 1; font-size: .8rem; }
button { font: inherit; font-size: .875rem; min-height: 2.2rem; padding: 0 .7rem; cursor: pointer; color: inherit;
  border-radius: 8px; background: var(--st-secondary-background-color); border: 1px solid var(--st-border-color); }
[data-done=true] .next { background: var(--st-primary-color); border-color: var(--st-primary-color); color: #fff; }
button:focus-visible { outline: 2px solid var(--st-primary-color); outline-offset: 2px; }
.ring { position: absolute; box-sizing: border-box; border: 3px solid #b3126b; border-radius: 10px; }
[hidden] { display: none; }
@media print { .guide { display: none; } }
`;
