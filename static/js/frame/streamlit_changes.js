// @ts-check
// Changes of Streamlit's own widgets, and of the canvas: they tell the page by themselves, a moment later.

const BEGIN_MS = 400; // a change without a run of the page for so long has caused none

export class StreamlitChanges {
  /** @param {Pick<import('../lib/clock.js').Clock, 'now'>} clock */
  constructor(clock) {
    this.clock = clock;
    /** @type {number | null} when it was changed; null: the page has run since */
    this.since = null;
    this.began = false; // a run of the page, since then
  }

  changed() {
    this.since = this.clock.now();
    this.began = false;
  }

  /** @param {boolean} isRunning whether the page runs now */
  runs(isRunning) {
    if (isRunning) this.began = true;
    else if (this.began) this.since = null;
  }

  tell() {}

  isHeard() {
    return this.since === null || (!this.began && this.clock.now() - this.since >= BEGIN_MS);
  }
}
