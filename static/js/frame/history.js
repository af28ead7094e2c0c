// @ts-check
// Back returns to what was seen. Streamlit writes the address of the page that is being left without its settings into
// the history before that of the next page, and one entry for each setting that a page which is opened again restores.

import { Visit } from './visit.js';

/** Whether a click leads to another page of the app, in this tab. @param {MouseEvent} event */
function leads(event) {
  const link = event.composedPath().find((each) => each instanceof HTMLAnchorElement && each.href);
  if (!(link instanceof HTMLAnchorElement) || link.target === '_blank') return false;
  if (event.button || event.ctrlKey || event.metaKey || event.shiftKey) return false;
  return link.origin === location.origin && link.pathname !== location.pathname;
}

export function keepHistory() {
  const visit = new Visit();
  const use = () => {
    visit.isUsed = true;
  };
  document.addEventListener('click', (event) => visit.click(leads(event)), true);
  document.addEventListener('keydown', use, true);
  addEventListener('popstate', () => visit.begin());

  const push = history.pushState.bind(history);
  history.pushState = (state, title, url) => {
    const next = new URL(url ?? location.href, location.href);
    const entry = visit.entry(next.pathname !== location.pathname);
    if (entry === 'push') push(state, title, url);
    else if (entry === 'replace') history.replaceState(state, title, url);
  };
}
