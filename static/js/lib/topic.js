// @ts-check
// Joins the drawings of one page: what one of them sends about a topic, another hears.

/** @template {unknown[]} Facts what is sent */
export class Topic {
  constructor() {
    /** @type {((...facts: Facts) => void) | null} */
    this.listener = null;
  }

  /** The newest listener alone hears. @param {(...facts: Facts) => void} listener */
  on(listener) {
    this.listener = listener;
  }

  /** @param {(...facts: Facts) => void} listener */
  off(listener) {
    if (this.listener === listener) this.listener = null;
  }

  /** @param {Facts} facts */
  send(...facts) {
    this.listener?.(...facts);
  }
}
