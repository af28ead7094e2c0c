// @ts-check
// A theme picked by hand holds on every page.
//
// Streamlit keeps it for each path alone, in localStorage under stActiveTheme-<path>-v2, and reads it as a page loads
// (tests/browser/test_frame.py fails when that changes). Whichever page has another than before was the one used.

/** @param {string[]} paths of the pages */
export function sameThemeOnEveryPage(paths) {
  const keys = paths.map((path) => `stActiveTheme-${path}-v2`);
  const read = (/** @type {string} */ key) => window.localStorage.getItem(key);
  let choice = read(`stActiveTheme-${window.location.pathname}-v2`);
  const write = (/** @type {string} */ key) =>
    choice === null ? window.localStorage.removeItem(key) : window.localStorage.setItem(key, choice);
  const sync = () => {
    const now = keys.map(read);
    const changed = now.filter((value) => value !== choice);
    if (!changed.length) return;
    if (started) [choice] = changed;
    keys.forEach(write);
  };
  let started = false;
  sync();
  started = true;
  window.addEventListener('pagehide', sync);
  document.addEventListener('visibilitychange', sync);
  return { sync };
}
