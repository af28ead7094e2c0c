// @ts-check
// Plotly itself, which the server sends out of the installed package, loaded once.

/**
 * What is used of Plotly; it reads figures that it is given as plain data.
 *
 * @typedef {object} PlotlyModule
 * @property {(plot: HTMLElement, data: object[], layout: object, config: object) => void} react
 * @property {(plot: HTMLElement, change: Record<string, unknown>) => void} relayout
 * @property {(plot: HTMLElement) => void} purge
 * @property {{ resize: (plot: HTMLElement) => void }} Plots
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
 * Draws the figure in `plot` at its new size whenever `host` changes its own; what is hidden waits until it is shown.
 *
 * @param {Element} host
 * @param {HTMLElement} plot
 * @param {() => boolean} isDrawn
 */
export const followSize = (host, plot, isDrawn) => {
  const observer = new ResizeObserver(() => isDrawn() && plot.clientWidth && Plotly?.Plots.resize(plot));
  observer.observe(host);
  return observer;
};
