// @ts-check
// A Plotly figure that is redrawn in place when its numbers change: Plotly.react on the same element.

import { el } from '../lib/dom.js';
import { drawing } from '../lib/lifecycle.js';
import { followSize, hush, loadPlotly, Plotly } from '../lib/plotly.js';
import { isDark, onTheme } from '../lib/theme.js';
import { darkTrace } from './dark.js';

/**
 * @typedef {import('./payload.js').FigureData} FigureData
 * @typedef {{ l: number, r: number, t: number, b: number }} Margin
 * @typedef {{ height: number, margin: Margin, meta?: { square?: boolean } }} Layout a square one has the height at most
 * @typedef {{ data: object[], layout: Layout }} Drawing a figure as Plotly writes it
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
    this.ended = false;
    onTheme(this.plot, () => this.draw());
    this.width = 0;
    this.observer = followSize(this.plot, ({ width }) => {
      if (width === this.width) return;
      this.width = width;
      this.draw();
    });
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
      this.draw();
    }
    if (!Plotly) loadPlotly().then(() => this.draw());
  }

  /** @param {Layout} layout */
  height({ height, margin, meta }) {
    if (!meta?.square || !this.width) return height;
    return Math.min(height, this.width - margin.l - margin.r + margin.t + margin.b);
  }

  draw() {
    if (!this.drawing || this.ended) return;
    const height = this.height(this.drawing.layout);
    this.plot.style.height = `${height}px`;
    if (!Plotly || !this.width) return; // what is hidden waits until it is shown
    const style = getComputedStyle(this.plot);
    const color = (/** @type {string} */ name) => style.getPropertyValue(name).trim();
    const layout = {
      ...this.drawing.layout,
      width: this.width,
      height,
      template: undefined,
      paper_bgcolor: 'rgba(0,0,0,0)',
      plot_bgcolor: 'rgba(0,0,0,0)',
      font: { family: color('--st-font'), size: 12, color: color('--st-text-color') },
      hoverlabel: { bgcolor: color('--st-secondary-background-color'), font: { color: color('--st-text-color') } },
    };
    const data = isDark(this.plot) ? this.drawing.data.map(darkTrace) : this.drawing.data;
    Plotly.react(this.plot, data, layout, { displayModeBar: false, responsive: false });
    hush(this.plot);
  }

  end() {
    this.ended = true;
    this.observer.disconnect();
    Plotly?.purge(this.plot);
    this.plot.remove();
  }
}
