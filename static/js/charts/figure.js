// @ts-check
// A Plotly figure that is redrawn in place when its numbers change: Plotly.react on the same element.

import { el } from '../lib/dom.js';
import { drawing } from '../lib/lifecycle.js';
import { followSize, loadPlotly, Plotly } from '../lib/plotly.js';

function mount({ parentElement: host }) {
  const plot = el('div', { class: 'live-chart-plot', role: 'img' });
  host.append(plot);
  const figure = { plot };
  plot.addEventListener('pointerenter', () => draw(figure)); // the theme may have changed
  figure.observer = followSize(host, plot, () => figure.drawn);
  return figure;
}

function draw(figure) {
  if (!Plotly) return;
  const style = getComputedStyle(figure.plot);
  const color = (name) => style.getPropertyValue(name).trim();
  const { data, layout } = figure.drawing;
  Plotly.react(
    figure.plot,
    data,
    {
      ...layout,
      template: undefined,
      paper_bgcolor: 'rgba(0,0,0,0)',
      plot_bgcolor: 'rgba(0,0,0,0)',
      font: { family: color('--st-font'), size: 12, color: color('--st-text-color') },
      hoverlabel: { bgcolor: color('--st-secondary-background-color'), font: { color: color('--st-text-color') } },
    },
    { displayModeBar: false, responsive: false },
  );
  figure.drawn = true;
}

function update(figure, { data }) {
  figure.plot.setAttribute('aria-label', data.alt);
  if (figure.text !== data.figure) {
    // a run that moves sends the same figure each second, until its next test
    figure.text = data.figure;
    figure.drawing = JSON.parse(data.figure);
    figure.plot.style.height = `${figure.drawing.layout.height}px`;
    draw(figure);
  }
  if (!Plotly) loadPlotly().then(() => !figure.ended && draw(figure));
}

function end(figure) {
  figure.ended = true;
  figure.observer.disconnect();
  Plotly?.purge(figure.plot);
  figure.plot.remove();
}

export default drawing({ mount, update, end });
