// @ts-check
// A link or a button of the page follows from settings that an instrument, a field or the canvas may hold back for a
// moment. A press right after a change makes them tell, and counts once the page has run with them.

import { clock } from '../lib/clock.js';
import { add, isAllHeard, tellAll } from '../lib/pending_changes.js';
import { runs } from './rerun.js';
import { StreamlitChanges } from './streamlit_changes.js';

const [LOOK_MS, LATEST_MS] = [20, 3000]; // a press counts after this, whatever the page has heard
const OURS = '[data-testid^=stBidiComponent]'; // a drawing knows its own settings
const BUTTONS = ['stButton', 'stDownloadButton', 'stCode'].map((name) => `[data-testid=${name}] button`);
const CHOICES = '[role=option], [role=radio], [role=tab]';
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

/** Notes what Streamlit's own widgets and the canvas change. */
function noteStreamlitChanges() {
  const streamlitChanges = new StreamlitChanges(clock);
  add(streamlitChanges);
  const app = document.querySelector('[data-testid=stApp]');
  if (app)
    new MutationObserver(() => streamlitChanges.runs(runs())).observe(app, {
      attributeFilter: ['data-test-script-state'],
    });
  /** @type {EventTarget | null} */
  let edited = null; // a field, which tells when it is left
  const isIn = (/** @type {Event} */ { target }, parts = '*') =>
    target instanceof Element && target.closest(parts) && !target.closest(OURS);
  const note = () => streamlitChanges.changed();
  addEventListener(
    'input',
    (event) => {
      if (!isIn(event)) return;
      edited = event.target;
      note();
    },
    true,
  );
  // Lists and segments are no fields: an option is pressed, or taken with Enter.
  addEventListener('click', (event) => isIn(event, CHOICES) && note(), true);
  addEventListener('keydown', (event) => event.key === 'Enter' && isIn(event, '[role=combobox]') && note(), true);
  addEventListener(
    'focusout',
    ({ target }) => {
      if (edited && target === edited) note();
      edited = null;
    },
    true,
  );
  let draws = false;
  const isCanvas = (/** @type {Event} */ event) => {
    const [at] = event.composedPath();
    return at instanceof Element && at.matches('canvas.upper-canvas');
  };
  const begins = (/** @type {Event} */ event) => {
    draws = isCanvas(event);
  };
  const ends = () => {
    if (draws) note();
    draws = false;
  };
  for (const name of ['mousedown', 'touchstart']) addEventListener(name, begins, true);
  for (const name of ['mouseup', 'touchend']) addEventListener(name, ends, true);
}

/** Before all who listen for clicks: what is held back, they hear when it counts. */
export function holdPresses() {
  noteStreamlitChanges();
  /** @type {WeakSet<Event>} */
  const released = new WeakSet();
  /** @type {Set<HTMLElement>} */
  const waiting = new Set();
  let turn = Promise.resolve();
  addEventListener(
    'pointerdown',
    ({ target }) => target instanceof Element && !target.closest(OURS) && tellAll(),
    true,
  );
  addEventListener(
    'click',
    (event) => {
      const pressed = pressedBy(event);
      if (!pressed) return;
      tellAll();
      if (released.has(event) || (!waiting.size && isAllHeard())) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      if (waiting.has(pressed)) return;
      waiting.add(pressed);
      turn = turn.then(heard).then(() => {
        waiting.delete(pressed);
        const again = new MouseEvent('click', event);
        released.add(again);
        nowOf(pressed)?.dispatchEvent(again);
      });
    },
    true,
  );
}
