// @ts-check
// Plotly itself, which the server sends out of the installed package, loaded once.

/** @type {Promise<void> | undefined} */
let loading;

/**
 * Our Plotly once it is there. `window.Plotly` may later become Streamlit's own copy, which would start again.
 *
 * @type {any}
 */
export let Plotly;

// Resolves when `Plotly` is there; after a failure the next call tries again.
export const loadPlotly = () =>
  (loading ??= import(new URL('plotly.min.js', document.baseURI).href).then(
    () => {
      Plotly = /** @type {any} */ (window).Plotly;
    },
    () => {
      loading = undefined;
    },
  ));

/**
 * Draws the figure in `plot` at its new size whenever `host` changes its own; what is hidden waits until it is shown.
 *
 * @param {Element} host
 * @param {Element} plot
 * @param {() => boolean} isDrawn
 */
export const followSize = (host, plot, isDrawn) => {
  const observer = new ResizeObserver(() => isDrawn() && plot.clientWidth && Plotly.Plots.resize(plot));
  observer.observe(host);
  return observer;
};
