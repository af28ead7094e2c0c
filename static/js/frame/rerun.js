// @ts-check
// After a restart of the server Streamlit does not run the page again by itself: its fragments are not there, and
// what they are told is lost. When the live channel or Streamlit's own connection is back, the page asks for a run
// until it has had one.

import { BACK } from '../lib/live.js';

const [SOONEST_MS, LATEST_MS] = [500, 16_000];

/** Whether the script of the page runs. */
export const runs = () => {
  const app = /** @type {HTMLElement | null} */ (document.querySelector('[data-testid=stApp]'));
  return app?.dataset.testScriptState === 'running';
};

/**
 * Tells of Streamlit's own connection as of the live channel's: a page may have no drawing that asks.
 *
 * @param {Element} app which says in an attribute whether it is connected
 */
export function hearStreamlit(app) {
  const state = () => app.getAttribute('data-test-connection-state');
  let before = state();
  new MutationObserver(() => {
    const now = state();
    if (now === 'CONNECTED' && before !== now) dispatchEvent(new Event(BACK));
    before = now;
  }).observe(app, { attributeFilter: ['data-test-connection-state'] });
}

/**
 * Returns what is called with each run of the page.
 *
 * @param {() => boolean} [isRunning] whether there is a run under way: it is not broken off
 */
export function runAgain(isRunning = runs) {
  /** @type {(name: string, value: unknown) => void} */
  let trigger = () => {};
  let stamp = '';
  let timer = 0;
  let requests = 0;
  const ask = (/** @type {number} */ wait) => {
    if (!isRunning()) trigger('back', ++requests);
    timer = window.setTimeout(() => ask(Math.min(2 * wait, LATEST_MS)), wait);
  };
  addEventListener(BACK, () => {
    clearTimeout(timer);
    timer = window.setTimeout(() => ask(2 * SOONEST_MS), SOONEST_MS); // Streamlit connects meanwhile
  });
  return (/** @type {string} */ current, /** @type {typeof trigger} */ setTriggerValue) => {
    trigger = setTriggerValue;
    if (current !== stamp) clearTimeout(timer);
    stamp = current;
  };
}
