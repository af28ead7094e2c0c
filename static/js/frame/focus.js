// @ts-check
// Text that scrolls in its box can be reached with the Tab key; what has closed leaves the focus on the lesson.

const QUIET_MS = 200;

function mark() {
  /** @type {NodeListOf<HTMLElement>} */
  const boxes = document.querySelectorAll('[data-testid=stMain] pre');
  for (const pre of boxes) {
    const scrolls = pre.scrollWidth > pre.clientWidth || pre.scrollHeight > pre.clientHeight;
    if (scrolls && pre.tabIndex < 0) pre.tabIndex = 0;
  }
}

export function keepScrollersReachable() {
  let waiting = false;
  const later = () => {
    if (waiting) return;
    waiting = true;
    setTimeout(() => {
      waiting = false;
      mark();
    }, QUIET_MS);
  };
  new MutationObserver(later).observe(document.body, { childList: true, subtree: true });
  window.addEventListener('resize', later);
  later();
}

/** Where there is nothing to go back to, the focus stands at the beginning of the lesson. */
export function focusTitle() {
  const title = document.querySelector('h1');
  if (!title) return;
  title.tabIndex = -1;
  title.focus({ preventScroll: true });
}
