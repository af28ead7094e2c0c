// @ts-check
// Back returns to what was seen. Streamlit writes the address of the page that is being left without its settings into
// the history before that of the next page, and one entry for each setting that a page which is opened again restores.

export function keepHistory() {
  const push = window.history.pushState.bind(window.history);
  let leaving = false;
  let used = false; // has the reader done anything on this page yet?

  const leads = (/** @type {MouseEvent} */ event) => {
    const link = event.composedPath().find((each) => each instanceof HTMLAnchorElement && each.href);
    if (
      !(link instanceof HTMLAnchorElement) ||
      event.button ||
      event.ctrlKey ||
      event.metaKey ||
      event.shiftKey ||
      link.target === '_blank'
    )
      return false;
    return link.origin === window.location.origin && link.pathname !== window.location.pathname;
  };
  document.addEventListener(
    'click',
    (event) => {
      leaving = leads(event);
      used = true;
    },
    true,
  );
  document.addEventListener(
    'keydown',
    () => {
      used = true;
    },
    true,
  );
  window.addEventListener('popstate', () => {
    leaving = used = false;
  });

  window.history.pushState = (state, title, url) => {
    const next = new URL(url ?? window.location.href, window.location.href);
    if (next.pathname !== window.location.pathname) {
      leaving = used = false;
      push(state, title, url);
    } else if (leaving) return;
    else if (used) push(state, title, url);
    else window.history.replaceState(state, title, url);
  };
}
