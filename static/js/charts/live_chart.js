// @ts-check
// A chart that grows in place: Plotly.react on the same element, the reader's zoom kept.
// The numbers of its message: x and y of each curve.

import { el } from '../lib/dom.js';
import { drawing } from '../lib/lifecycle.js';
import { reader, unpack } from '../lib/message.js';
import { followSize, loadPlotly, Plotly } from '../lib/plotly.js';
import { shownRange, zoomOf } from './zoom.js';

// The header with x and y in each of its curves.
function chartOf(header, next) {
  for (const curve of header.curves) {
    curve.x = next(curve.count);
    curve.y = next(curve.count);
  }
  return header;
}

function traces({ curves, percent }, hidden) {
  return curves.map((curve) => ({
    type: 'scatter',
    name: curve.label,
    x: curve.x,
    y: curve.y,
    mode: curve.mode,
    opacity: curve.opacity,
    line: { color: curve.color, width: curve.width },
    marker: { color: curve.color, size: curve.count > 40 ? 4 : 8 },
    visible: !hidden.has(curve.name),
    hoverinfo: curve.hover ? 'all' : 'skip',
    hovertemplate: curve.hover ? (percent ? '%{y:.2%}' : '%{y:.6~g}') : undefined,
    showlegend: false,
  }));
}

function layout(header, style) {
  const color = (name) => style.getPropertyValue(name).trim();
  const { xMax, revision, log, marks } = header;
  const key = `${revision}|${log}|${header.yTitle}`;
  return {
    uirevision: revision,
    height: header.height,
    margin: { l: 60, r: 14, t: marks.length ? 34 : 12, b: 46 },
    paper_bgcolor: 'rgba(0,0,0,0)',
    plot_bgcolor: 'rgba(0,0,0,0)',
    font: { family: color('--st-font'), size: 13 },
    hovermode: 'x unified',
    modebar: { bgcolor: 'rgba(0,0,0,0)', color: '#8a8a8a', activecolor: color('--st-primary-color') },
    hoverlabel: { bgcolor: color('--st-secondary-background-color'), namelength: -1 },
    dragmode: matchMedia('(pointer: coarse)').matches ? false : 'zoom', // a finger scrolls the page
    xaxis: {
      title: { text: header.xTitle },
      uirevision: revision,
      hoverformat: ',.0f',
      tickformat: ',~s',
      zeroline: false,
      ...(xMax ? { range: [-0.015 * xMax, 1.015 * xMax] } : { rangemode: 'tozero' }),
    },
    yaxis: {
      title: { text: header.yTitle },
      uirevision: key, // a zoom in a linear axis means nothing in a logarithmic one
      type: log ? 'log' : 'linear',
      zeroline: false,
      rangemode: log || header.percent ? 'normal' : 'tozero', // a loss is read from 0, and the axis stays put
      ...(header.percent ? { tickformat: '.0%' } : {}),
      ...(header.curves.some((curve) => curve.count) ? {} : { range: log ? [-2, 0.5] : [0, 2.5] }),
    },
    shapes: marks.map(({ x }) => ({
      type: 'line',
      x0: x,
      x1: x,
      y0: 0,
      y1: 1,
      yref: 'paper',
      line: { color: '#8a8a8a', width: 1.5, dash: 'dash' },
    })),
    annotations: marks.map(({ x, label }) => ({
      x,
      y: 1,
      yref: 'paper',
      yanchor: 'bottom',
      text: label,
      showarrow: false,
      font: { size: 12 },
    })),
  };
}

function config({ language, words }) {
  return {
    displaylogo: false,
    responsive: false,
    scrollZoom: false,
    locale: `stepwise-${language}`,
    modeBarButtons: [['zoom2d', 'pan2d', 'resetScale2d', 'toImage']],
    doubleClick: 'reset+autosize',
    locales: { [`stepwise-${language}`]: { dictionary: words, format: {} } },
  };
}

export function mount(host) {
  const root = el('div', 'live-chart');
  const chart = {
    root,
    hidden: new Set(),
    zoomed: null,
    cursor: -1,
    legend: el('div', { class: 'live-chart-legend', role: 'group' }),
    plot: el('div', { class: 'live-chart-plot', role: 'group', tabindex: '0' }),
    note: el('div', 'live-chart-note'),
    said: el('div', { class: 'live-chart-said', 'aria-live': 'polite' }),
  };
  root.append(chart.legend, chart.plot, chart.note, chart.said);
  host.append(root);
  chart.plot.addEventListener('keydown', (event) => onKey(chart, event));
  chart.plot.addEventListener('pointerenter', () => draw(chart)); // the theme may have changed
  chart.observer = followSize(root, chart.plot, () => chart.drawn);
  return chart;
}

function drawLegend(chart) {
  const { curves } = chart.header;
  const shown = curves.filter((curve) => curve.hover);
  const signature = JSON.stringify(shown.map(({ name, color }) => [name, color, chart.hidden.has(name)]));
  if (signature === chart.signature) return;
  chart.signature = signature;
  const held = chart.legend.contains(document.activeElement) ? document.activeElement.textContent : null;
  chart.legend.replaceChildren(
    ...shown.map(({ name, color, opacity }) => {
      const swatch = el('i');
      swatch.style.background = color;
      swatch.style.opacity = opacity;
      const button = el('button', { 'aria-pressed': String(!chart.hidden.has(name)) }, swatch, name);
      button.addEventListener('click', () => {
        chart.hidden.has(name) ? chart.hidden.delete(name) : chart.hidden.add(name);
        draw(chart);
      });
      return button;
    }),
  );
  for (const button of chart.legend.children) if (button.textContent === held) button.focus();
}

function onKey(chart, event) {
  const range = shownRange(chart.zoomed, chart.plot.layout);
  if (!range) return;
  const [low, high] = range;
  const middle = (low + high) / 2;
  const zoom = (factor) =>
    Plotly.relayout(chart.plot, { 'xaxis.range': [low, high].map((end) => middle + (end - middle) * factor) });
  const act = {
    ArrowLeft: () => readOut(chart, -1),
    ArrowRight: () => readOut(chart, 1),
    '+': () => zoom(0.5),
    '=': () => zoom(0.5),
    '-': () => zoom(2),
    0: () =>
      Plotly.relayout(chart.plot, {
        ...(chart.header.xMax ? { 'xaxis.range': [0, chart.header.xMax] } : { 'xaxis.autorange': true }),
        'yaxis.autorange': true,
      }),
  }[event.key];
  if (!act) return;
  event.preventDefault();
  act();
}

function readOut(chart, step) {
  const number = chart.header.curves.findIndex(
    (curve) => curve.hover && curve.count && !chart.hidden.has(curve.name),
  );
  if (number < 0) return;
  const curve = chart.header.curves[number];
  const stride = Math.max(1, Math.round(curve.count / 100)) * step;
  const from = chart.cursor < 0 ? curve.count - 1 - stride : Math.min(chart.cursor, curve.count - 1);
  chart.cursor = Math.min(curve.count - 1, Math.max(0, from + stride));
  Plotly.Fx.hover(chart.plot, [{ curveNumber: number, pointNumber: chart.cursor }]);
  chart.said.textContent = `${curve.name}: ${chart.header.xTitle} ${curve.x[chart.cursor]}, ${curve.y[chart.cursor]}`;
}

function draw(chart) {
  const { header, plot, note, root } = chart;
  root.style.setProperty('--live-chart-height', `${header.height}px`);
  note.textContent = header.note;
  plot.setAttribute('aria-label', header.words.aria);
  drawLegend(chart);
  if (!Plotly) return;
  const style = getComputedStyle(root);
  Plotly.react(plot, traces(header, chart.hidden), layout(header, style), config(header));
  if (!chart.drawn)
    plot.on('plotly_relayout', (change) => {
      chart.zoomed = zoomOf(change, chart.zoomed);
    });
  chart.drawn = true;
}

/** Draws the message `header` of core/figures/live_chart.py, whose numbers `next` hands out. */
export function show(chart, header, next) {
  chartOf(header, next);
  if (chart.header && chart.header.revision !== header.revision) {
    chart.hidden.clear();
    chart.cursor = -1;
    chart.zoomed = null;
  }
  chart.header = header;
  draw(chart);
  if (!Plotly) loadPlotly().then(() => !chart.ended && draw(chart));
}

export function end(chart) {
  chart.ended = true;
  chart.observer.disconnect();
  Plotly?.purge(chart.plot);
  chart.root.remove();
}

export default drawing({
  mount: ({ parentElement }) => mount(parentElement),
  update: (chart, { data }) => {
    const { header, floats } = unpack(data);
    show(chart, header, reader(floats));
  },
  end,
});
