// Text that scrolls in its box can be reached with the Tab key.

const QUIET_MS = 200;

function mark() {
  for (const pre of document.querySelectorAll('[data-testid=stMain] pre')) {
    const scrolls = pre.scrollWidth > pre.clientWidth || pre.scrollHeight > pre.clientHeight;
    if (scrolls && pre.tabIndex < 0) pre.tabIndex = 0;
  }
}

export function keepScrollersReachable() {
  let waiting;
  const later = () => { waiting ??= setTimeout(() => { waiting = null; mark(); }, QUIET_MS); };
  new MutationObserver(later).observe(document.body, { childList: true, subtree: true });
  window.addEventListener('resize', later);
  later();
}
