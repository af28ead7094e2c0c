// @ts-check
// What is said where the server does not answer for a while.

import { el } from './dom.js';

const LOST_MS = 1500; // without a connection for so long, it is said

export class ConnectionNotice {
  constructor() {
    this.element = el('p', { class: 'lost', role: 'status', hidden: true });
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
  }

  /** @param {boolean} is */
  connected(is) {
    clearTimeout(this.timer);
    if (is) this.element.hidden = true;
    else
      this.timer = setTimeout(() => {
        this.element.hidden = false;
      }, LOST_MS);
  }

  end() {
    clearTimeout(this.timer);
  }
}
