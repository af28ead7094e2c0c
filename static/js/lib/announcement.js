// @ts-check
// What a screen reader says of something that changes many times a second: its latest state, once it rests, and now
// and then while it goes on.

import { el } from './dom.js';

const REST_MS = 700; // after this long without a change it is said
const MOST_MS = 6000; // what does not rest is said this often

const HIDDEN = 'position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%)';

export class Announcement {
  constructor() {
    this.root = el('div', { class: 'spoken', 'aria-live': 'polite', style: HIDDEN });
    this.text = '';
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    this.since = 0; // when the oldest change that was not said came; 0 where all was
  }

  /** @param {string} text */
  say(text) {
    if (text === this.text) return;
    const now = performance.now();
    this.text = text;
    this.since ||= now;
    clearTimeout(this.timer);
    this.timer = setTimeout(
      () => {
        this.since = 0;
        this.root.textContent = this.text;
      },
      Math.max(0, Math.min(REST_MS, this.since + MOST_MS - now)),
    );
  }

  end() {
    clearTimeout(this.timer);
  }
}
