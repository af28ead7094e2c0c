// @ts-check
// When a tab that shows the tests, checkpoints or readings of a run has to be drawn again.

/**
 * Whether the run of a tab has more of what the tab shows than it has drawn.
 *
 * @param {import('./payload.js').NewsData} drawn
 * @param {{ run: string, news: import('./payload.js').NewsFacts } | null} last
 */
export const isNews = ({ run, topic, count }, last) =>
  last?.run === run && last.news[/** @type {keyof typeof last.news} */ (topic)] > count;

/** Lets a call through at most every `ms`; the last one is never lost. */
export class Seldom {
  /**
   * @param {() => void} act
   * @param {number} ms
   * @param {import('../lib/clock.js').Clock} clock
   */
  constructor(act, ms, clock) {
    this.act = act;
    this.ms = ms;
    this.clock = clock;
    this.last = Number.NEGATIVE_INFINITY;
    /** @type {(() => void) | null} */
    this.stop = null;
  }

  call() {
    if (this.stop) return;
    const wait = this.last + this.ms - this.clock.now();
    if (wait <= 0) this.go();
    else this.stop = this.clock.later(() => this.go(), wait);
  }

  go() {
    this.stop = null;
    this.last = this.clock.now();
    this.act();
  }

  end() {
    this.stop?.();
    this.stop = null;
  }
}
