// @ts-check
// Streamlit sends what its widgets change in one moment as one message, and with the name of a fragment where one of
// them stands in a fragment: the server then runs that fragment and nothing else. Where two parts of the page have
// changed at once, the page asks for a run of all of it.

/** The name of the event with which a drawing says that it tells Python something; its detail is the drawing. */
export const TELLS = 'stepwise-tells';

export class Batch {
  /**
   * @param {Pick<import('../lib/clock.js').Clock, 'later'>} clock
   * @param {() => void} ask for a run of the page
   */
  constructor(clock, ask) {
    this.clock = clock;
    this.ask = ask;
    /** @type {Set<unknown>} */
    this.sources = new Set();
  }

  /** @param {unknown} source which part of the page changes something now */
  add(source) {
    if (!this.sources.size) this.#afterwards(() => this.#afterwards(() => this.#end()));
    this.sources.add(source);
  }

  /** Streamlit sends in a timer of no time: the first of ours may come before it, the second does not. */
  #afterwards(/** @type {() => void} */ act) {
    this.clock.later(act, 0);
  }

  #end() {
    const isMixed = this.sources.size > 1;
    this.sources.clear();
    if (isMixed) this.ask();
  }
}
