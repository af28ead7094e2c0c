// @ts-check
// A link or a button of the page follows from settings that an instrument, a field or the canvas may hold back for a
// moment. A press right after a change makes them tell, and counts once the page has run with them.

import { clock } from '../lib/clock.js';
import { isAllHeard, tellAll } from '../lib/pending_changes.js';
import { runs } from './rerun.js';
import { noteStreamlitChanges, OURS } from './streamlit_edits.js';

const [LOOK_MS, LATEST_MS] = [20, 3000]; // a press counts after this, whatever the page has heard
const BUTTONS = ['stButton', 'stDownloadButton', 'stCode'].map((name) => `[data-testid=${name}] button`);
const PRESSED = ['[data-testid=stApp] a[href]', ...BUTTONS].join();

/** What of the page was pressed, and may follow from settings. @param {Event} event @returns {HTMLElement | null} */
function pressedBy({ target }) {
  if (!(target instanceof Element) || target.closest(OURS)) return null;
  const pressed = target.closest(PRESSED);
  const isAway = pressed instanceof HTMLAnchorElement && pressed.origin !== location.origin;
  return pressed instanceof HTMLElement && !isAway ? pressed : null;
}

/** The element, or what a run of the page has put in its place. @param {HTMLElement} pressed */
function nowOf(pressed) {
  if (pressed.isConnected) return pressed;
  const same = (/** @type {Element} */ each) => each.textContent === pressed.textContent;
  return [...document.querySelectorAll(PRESSED)].find(same);
}

/** Waits until the page has run with all that was changed. */
async function heard() {
  const end = clock.now() + LATEST_MS;
  while ((!isAllHeard() || runs()) && clock.now() < end) {
    await new Promise((resolve) => clock.later(() => resolve(null), LOOK_MS));
  }
}

/** Before all who listen for clicks: what is held back, they hear when it counts. */
export function holdPresses() {
  noteStreamlitChanges();
  const isPages = (/** @type {Event} */ { target }) => target instanceof Element && !target.closest(OURS);
  addEventListener('pointerdown', (event) => isPages(event) && tellAll(), true);
  const presses = new HeldPresses();
  addEventListener('click', (event) => presses.click(event), true);
}

class HeldPresses {
  /** @type {WeakSet<Event>} clicks that count, made in place of those that were held back */
  released = new WeakSet();
  /** @type {Set<HTMLElement>} what was pressed and waits */
  waiting = new Set();
  turn = Promise.resolve(); // presses count in the order in which they were made

  /** @param {MouseEvent} event */
  click(event) {
    const pressed = pressedBy(event);
    if (!pressed) return;
    tellAll();
    if (this.released.has(event) || (!this.waiting.size && isAllHeard())) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (this.waiting.has(pressed)) return;
    this.waiting.add(pressed);
    this.turn = this.turn.then(heard).then(() => this.release(pressed, event));
  }

  /** @param {HTMLElement} pressed @param {MouseEvent} event */
  release(pressed, event) {
    this.waiting.delete(pressed);
    const again = new MouseEvent('click', event);
    this.released.add(again);
    nowOf(pressed)?.dispatchEvent(again);
  }
}
