// @ts-check
// Brings the reader to a control that a button elsewhere on the page has made ready: once for each `request`.

const runs = new Set();
const PATIENCE = 3000; // ms; the control may be drawn after us,
const SETTLED = 500; // and again until the page has settled

/** @type {FocusOptions & { focusVisible: boolean }} */
const SEEN = { preventScroll: true, focusVisible: true };

/** @param {import('../lib/lifecycle.js').Component<import('./payload.js').FocusData>} component */
export default function ({ data: { selector, request } }) {
  if (runs.has(request)) return;
  runs.add(request);
  const end = performance.now() + PATIENCE;
  let first = 0; // when it was there
  const look = () => {
    const control = document.querySelector(selector);
    const now = performance.now();
    if (control instanceof HTMLButtonElement && !control.disabled && control !== document.activeElement) {
      first ||= now;
      control.scrollIntoView({ block: 'center' });
      control.focus(SEEN);
    }
    if (now < (first ? first + SETTLED : end)) requestAnimationFrame(look);
  };
  look();
}
