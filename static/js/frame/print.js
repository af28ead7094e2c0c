// @ts-check
// A page is printed dark on white, in a dark theme too (static/css/print.css).

/** Marks the page while it is printed, before the drawings, which hear of it too, are painted again. */
export function printDarkOnWhite() {
  const page = document.documentElement;
  const first = { capture: true };
  window.addEventListener('beforeprint', () => page.setAttribute('data-printing', 'true'), first);
  window.addEventListener('afterprint', () => page.removeAttribute('data-printing'), first);
}
