// @ts-check
// Hears what a hand changes in Streamlit's own widgets and on the canvas: edits of fields, choices, strokes.

import { clock } from '../lib/clock.js';
import { add } from '../lib/pending_changes.js';
import { runs } from './rerun.js';
import { StreamlitChanges } from './streamlit_changes.js';

export const OURS = '[data-testid^=stBidiComponent]'; // a drawing knows its own settings
const CHOICES = '[role=option], [role=radio], [role=tab]';

/** Notes each change, and the runs of the page that hear of it. */
export function noteStreamlitChanges() {
  const changes = new StreamlitChanges(clock);
  add(changes);
  const app = document.querySelector('[data-testid=stApp]');
  if (app) {
    const observer = new MutationObserver(() => changes.runs(runs()));
    observer.observe(app, { attributeFilter: ['data-test-script-state'] });
  }
  const note = () => changes.changed();
  noteFields(note);
  noteChoices(note);
  noteStrokes(note);
}

/** Whether an event is in a part of the page that is no drawing of ours. @param {Event} event @param {string} parts */
const isIn = ({ target }, parts = '*') =>
  target instanceof Element && target.closest(parts) !== null && !target.closest(OURS);

/** A field tells the page when it is left. @param {() => void} note */
function noteFields(note) {
  /** @type {EventTarget | null} */
  let edited = null;
  const edits = (/** @type {Event} */ event) => {
    if (!isIn(event)) return;
    edited = event.target;
    note();
  };
  const leaves = (/** @type {Event} */ { target }) => {
    if (edited && target === edited) note();
    edited = null;
  };
  addEventListener('input', edits, true);
  addEventListener('focusout', leaves, true);
}

/** Lists and segments are no fields: an option is pressed, or taken with Enter. @param {() => void} note */
function noteChoices(note) {
  addEventListener('click', (event) => isIn(event, CHOICES) && note(), true);
  addEventListener('keydown', (event) => event.key === 'Enter' && isIn(event, '[role=combobox]') && note(), true);
}

/** A stroke on the canvas, which has a document of its own. @param {() => void} note */
function noteStrokes(note) {
  let draws = false;
  const begins = (/** @type {Event} */ event) => {
    const [at] = event.composedPath();
    draws = at instanceof Element && at.matches('canvas.upper-canvas');
  };
  const ends = () => {
    if (draws) note();
    draws = false;
  };
  for (const name of ['mousedown', 'touchstart']) addEventListener(name, begins, true);
  for (const name of ['mouseup', 'touchend']) addEventListener(name, ends, true);
}
