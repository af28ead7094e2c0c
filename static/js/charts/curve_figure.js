// @ts-check
// The curves of a run as Plotly takes them: traces, axes, tools, and what they show in words.

import { brief } from '../lib/numbers.js';

/**
 * @typedef {import('./payload.js').CurveFacts & { x: Float32Array, y: Float32Array }} Curve
 * @typedef {import('./payload.js').ChartHeader & { language: string, words: Record<string, string> }} Header
 * @typedef {Omit<Header, 'curves'> & { curves: Curve[] }} Drawn the header with x and y in each of its curves
 * @typedef {{ font: string, accent: string, paper: string }} Theme colours, and the names of fonts, as CSS writes them
 * @typedef {{ width: number, height: number }} Size in pixels
 */

const GREY = '#8a8a8a'; // seen on either theme
const CLEAR = 'rgba(0,0,0,0)';
const SHARE = { clipmin: -0.02, clipmax: 1.02 }; // around a single value Plotly shows 100 % less and more
const FEW = 40; // points; of more each is painted smaller

/** @param {Drawn} chart @param {Set<string>} hidden names of curves */
export function traces({ curves, percent }, hidden) {
  return curves.map((curve) => ({
    type: 'scatter',
    name: curve.label,
    x: curve.x,
    y: curve.y,
    mode: curve.mode,
    opacity: curve.opacity,
    line: { color: curve.color, width: curve.width },
    marker: { color: curve.color, size: curve.count > FEW ? 4 : 8 },
    visible: !hidden.has(curve.name),
    hoverinfo: curve.hover ? 'all' : 'skip',
    hovertemplate: curve.hover ? (percent ? '%{y:.2%}' : '%{y:.6~g}') : undefined,
    showlegend: false,
  }));
}

/** @param {Drawn} chart @param {Theme} theme @param {Size} size @param {boolean} isTouch a finger scrolls the page */
export function layout(chart, { font, accent, paper }, { width, height }, isTouch) {
  const { revision, marks } = chart;
  return {
    uirevision: revision,
    width,
    height,
    margin: { l: 60, r: 14, t: marks.length ? 34 : 12, b: 46 },
    paper_bgcolor: CLEAR,
    plot_bgcolor: CLEAR,
    font: { family: font, size: 13 },
    hovermode: 'x unified',
    modebar: { bgcolor: CLEAR, color: GREY, activecolor: accent },
    hoverlabel: { bgcolor: paper, namelength: -1 },
    dragmode: isTouch ? false : 'zoom',
    xaxis: xAxis(chart),
    yaxis: yAxis(chart),
    shapes: marks.map(({ x }) => markLine(x)),
    annotations: marks.map(({ x, label }) => markLabel(x, label)),
  };
}

/** @param {Drawn} chart */
const xAxis = ({ xTitle, xMax, revision }) => ({
  title: { text: xTitle, standoff: 4 }, // below it stand the numbers of the run
  uirevision: revision,
  hoverformat: ',.0f',
  tickformat: ',~s',
  zeroline: false,
  ...(xMax ? { range: [-0.015 * xMax, 1.015 * xMax] } : { rangemode: 'tozero' }),
});

/** @param {Drawn} chart */
const yAxis = ({ yTitle, revision, log, percent, curves }) => ({
  title: { text: yTitle },
  uirevision: `${revision}|${log}|${yTitle}`, // a zoom in a linear axis means nothing in a logarithmic one
  type: log ? 'log' : 'linear',
  zeroline: false,
  rangemode: log || percent ? 'normal' : 'tozero', // a loss is read from 0, and the axis stays put
  ...(percent ? { tickformat: '.0%', autorangeoptions: SHARE } : {}),
  ...(curves.some((curve) => curve.count) ? {} : { range: log ? [-2, 0.5] : [0, 2.5] }),
});

/** @param {number} x of a moment at which the learning rate changed */
const markLine = (x) => ({
  type: 'line',
  x0: x,
  x1: x,
  y0: 0,
  y1: 1,
  yref: 'paper',
  line: { color: GREY, width: 1.5, dash: 'dash' },
});

/** @param {number} x @param {string} text */
const markLabel = (x, text) => ({
  x,
  y: 1,
  yref: 'paper',
  yanchor: 'bottom',
  text,
  showarrow: false,
  font: { size: 12 },
});

/** @param {Drawn} chart */
export function config({ language, words }) {
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

/** What the curves show in words: where each begins and ends. @param {Drawn} chart @param {Set<string>} hidden */
export function spoken({ curves, xTitle, percent }, hidden) {
  const text = (/** @type {number} */ y) => (percent ? `${(100 * y).toFixed(2)}%` : brief(y));
  const visible = curves.filter(({ hover, count, name }) => hover && count && !hidden.has(name));
  const sentences = visible.map(({ name, x, y, count }) => {
    const [from, to] = [0, count - 1].map((at) => `${text(y[at])} (${xTitle} ${x[at].toLocaleString('en')})`);
    return `${name}: ${count > 1 ? `${from} → ${to}` : to}`;
  });
  return sentences.join('; ');
}
