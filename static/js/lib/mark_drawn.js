// @ts-check
// Says that a drawing has drawn: until then frame.css keeps its place, so that what stands below does not jump.

/** @param {HTMLElement & ShadowRoot} host of a drawing, in the page or in a document of its own */
export function markDrawn(host) {
  const element = host.host instanceof HTMLElement ? host.host : host;
  element.dataset.drawn = '';
}
