// @ts-check
// A Plotly figure that is redrawn in place when its numbers change: Plotly.react on the same element.

import { el } from '../lib/dom.js';
import { drawing } from '../lib/lifecycle.js';
import { followSize, hush, loadPlotly, Plotly } from '../lib/plotly.js';
import { onTheme } from '../lib/theme.js';

/**
 * @typedef {import('./payload.js').FigureData} FigureData
 * @typedef {{ data: object[], layout: { height: number } }} Drawing a figure as Plotly writes it
 */

export default drawing({
  mount: (/** @type {import('../lib/lifecycle.js').Component<FigureData>} */ { parentElement }) =>
    new Figure(parentElement),
  update: (figure, { data }) => figure.update(data),
  end: (figure) => figure.end(),
});

class Figure {
  /** @param {HTMLElement} host */
  constructor(host) {
    this.plot = el('div', { class: 'live-chart-plot', role: 'img' });
    host.append(this.plot);
    this.content = '';
    /** @type {Drawing | null} */
    this.drawing = null;
    this.isDrawn = this.ended = false;
    onTheme(this.plot, () => this.draw());
    this.observer = followSize(host, this.plot, () => this.isDrawn);
  }

  /** @param {FigureData} data */
  update({ figure, alt }) {
    this.plot.setAttribute('aria-label', alt);
    if (this.content !== figure) {
      // a run that moves sends the same figure each second, until its next test
      this.content = figure;
      /** @type {Drawing} */
      const drawing = JSON.parse(figure);
      this.drawing = drawing;
      this.plot.style.height = `${drawing.layout.height}px`;
      this.draw();
    }
    if (!Plotly) loadPlotly().then(() => this.draw());
  }

  draw() {
    if (!Plotly || !this.drawing || this.ended) return;
    const style = getComputedStyle(this.plot);
    const color = (/** @type {string} */ name) => style.getPropertyValue(name).trim();
    const layout = {
      ...this.drawing.layout,
      template: undefined,
      paper_bgcolor: 'rgba(0,0,0,0)',
      plot_bgcolor: 'rgba(0,0,0,0)',
      font: { family: color('--st-font'), size: 12, color: color('--st-text-color') },
      hoverlabel: { bgcolor: color('--st-secondary-background-color'), font: { color: color('--st-text-color') } },
    };
    Plotly.react(this.plot, this.drawing.data, layout, { displayModeBar: false, responsive: false });
    hush(this.plot);
    this.isDrawn = true;
  }

  end() {
    this.ended = true;
    this.observer.disconnect();
    Plotly?.purge(this.plot);
    this.plot.remove();
  }
}
