// @ts-check
// Plotly itself, which the server sends out of the installed package, loaded once.

/**
 * What is used of Plotly; it reads figures that it is given as plain data.
 *
 * @typedef {object} PlotlyModule
 * @property {(plot: HTMLElement, data: object[], layout: object, config: object) => void} react
 * @property {(plot: HTMLElement, change: Record<string, unknown>) => void} relayout
 * @property {(plot: HTMLElement) => void} purge
 * @property {{ hover: (plot: HTMLElement, points: { curveNumber: number, pointNumber: number }[]) => void }} Fx
 *
 * @typedef {HTMLElement & { layout?: { xaxis?: { range?: number[] } },
 *   on: (event: 'plotly_relayout', listener: (change: Record<string, unknown>) => void) => void }} Plot an element that
 *   Plotly has drawn in
 */

/** @type {Promise<void> | undefined} */
let loading;

/**
 * Our Plotly once it is there. `window.Plotly` may later become Streamlit's own copy, which would start again.
 *
 * @type {PlotlyModule | undefined}
 */
export let Plotly;

// Resolves when `Plotly` is there; after a failure the next call tries again.
export const loadPlotly = () =>
  (loading ??= import(new URL('plotly.min.js', document.baseURI).href).then(
    () => {
      Plotly = /** @type {Window & { Plotly?: PlotlyModule }} */ (window).Plotly;
    },
    () => {
      loading = undefined;
    },
  ));

/**
 * Lets a screen reader pass over what Plotly has painted: its ticks are texts without an order, and the element around
 * it has the words.
 *
 * @param {HTMLElement} plot
 */
export function hush(plot) {
  for (const each of plot.querySelectorAll('svg')) each.setAttribute('aria-hidden', 'true');
}

/**
 * Tells `sized` the size of `plot` when it has one, and each new one. What asks an element for its size makes the
 * browser lay out the page at once, which a chart that grows many times a second must not.
 *
 * @param {HTMLElement} plot
 * @param {(size: { width: number, height: number }) => void} sized
 */
export const followSize = (plot, sized) => {
  const observer = new ResizeObserver(([{ contentRect }]) => {
    const isPrinted = document.documentElement.dataset.printing === 'true'; // it is scaled (frame/print.js)
    if (contentRect.width && !isPrinted) sized({ width: contentRect.width, height: contentRect.height });
  });
  observer.observe(plot);
  return observer;
};
