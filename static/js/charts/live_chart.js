// @ts-check
// A chart that grows in place: Plotly.react on the same element, the reader's zoom kept.
// The numbers of its message: x and y of each curve.

import { el } from '../lib/dom.js';
import { drawing } from '../lib/lifecycle.js';
import { reader, unpack } from '../lib/message.js';
import { followSize, hush, loadPlotly, Plotly } from '../lib/plotly.js';
import { onTheme } from '../lib/theme.js';
import { config, layout, spoken, traces } from './curve_figure.js';
import { shownRange, zoomOf } from './zoom.js';

/**
 * @typedef {import('./curve_figure.js').Curve} Curve
 * @typedef {import('./curve_figure.js').Header} Header
 * @typedef {import('./curve_figure.js').Drawn} Drawn
 */

export class Chart {
  /** @param {HTMLElement} host */
  constructor(host) {
    /** @type {Set<string>} */
    this.hidden = new Set();
    /** @type {import('./zoom.js').Range} */
    this.zoomed = null;
    this.cursor = -1;
    this.signature = '';
    this.isDrawn = this.ended = false;
    /** @type {Drawn | null} */
    this.header = null;
    this.root = el('div', 'live-chart');
    this.legend = el('div', { class: 'live-chart-legend', role: 'group' });
    this.plot = /** @type {import('../lib/plotly.js').Plot} */ (
      /** @type {unknown} */ (el('div', { class: 'live-chart-plot', role: 'group', tabindex: '0' }))
    );
    this.note = el('div', 'live-chart-note');
    this.announcement = el('div', { class: 'live-chart-said', 'aria-live': 'polite' });
    this.root.append(this.legend, this.plot, this.note, this.announcement);
    host.append(this.root);
    this.plot.addEventListener('keydown', (event) => this.key(event));
    onTheme(this.root, () => this.draw());
    /** @type {{ width: number, height: number } | null} */
    this.size = null; // where the page has more room than it needs, it takes it
    this.observer = followSize(this.plot, (size) => {
      this.size = size;
      this.draw();
    });
  }

  /**
   * Draws the message of core/figures/live_chart.py.
   *
   * @param {Header} header
   * @param {(count: number) => Float32Array} next hands out its numbers
   */
  show(header, next) {
    const curves = header.curves.map((curve) => ({ ...curve, x: next(curve.count), y: next(curve.count) }));
    if (this.header && this.header.revision !== header.revision) {
      this.hidden.clear();
      this.cursor = -1;
      this.zoomed = null;
    }
    this.header = { ...header, curves };
    this.draw();
    if (!Plotly) loadPlotly().then(() => !this.ended && this.draw());
  }

  draw() {
    const { header, plot, root, size } = this;
    if (!header) return;
    root.style.setProperty('--live-chart-height', `${header.height}px`);
    if (this.note.textContent !== header.note) this.note.textContent = header.note;
    plot.setAttribute('aria-label', header.words.aria);
    this.drawLegend(header);
    if (!Plotly || !size) return;
    const isTouch = matchMedia('(pointer: coarse)').matches;
    Plotly.react(plot, traces(header, this.hidden), layout(header, themeOf(root), size, isTouch), config(header));
    this.speak(header);
    if (!this.isDrawn)
      plot.on('plotly_relayout', (change) => {
        this.zoomed = zoomOf(change, this.zoomed);
      });
    this.isDrawn = true;
  }

  /** What Plotly has painted, in words: the ends of the curves for all of its ticks. @param {Drawn} header */
  speak(header) {
    const text = spoken(header, this.hidden) || this.note.textContent || '';
    this.plot.setAttribute('aria-description', text);
    hush(this.plot);
    this.plot.querySelector('.modebar')?.setAttribute('aria-label', header.words.tools);
  }

  /** @param {Drawn} header */
  drawLegend({ curves }) {
    const hoverCurves = curves.filter((curve) => curve.hover);
    const signature = JSON.stringify(hoverCurves.map(({ name, color }) => [name, color, this.hidden.has(name)]));
    if (signature === this.signature) return;
    this.signature = signature;
    const active = document.activeElement;
    const activeName = active && this.legend.contains(active) ? active.textContent : null;
    const buttons = hoverCurves.map((curve) => this.legendButton(curve));
    this.legend.replaceChildren(...buttons);
    for (const button of buttons) if (button.textContent === activeName) button.focus();
  }

  /** @param {Curve} curve */
  legendButton({ name, color, opacity }) {
    const swatch = el('i');
    swatch.style.background = color;
    swatch.style.opacity = String(opacity);
    const button = el('button', { 'aria-pressed': String(!this.hidden.has(name)) }, swatch, name);
    button.addEventListener('click', () => {
      if (!this.hidden.delete(name)) this.hidden.add(name);
      this.draw();
    });
    return button;
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const range = shownRange(this.zoomed, this.plot.layout);
    if (!range) return;
    const [low, high] = range;
    const middle = (low + high) / 2;
    const zoom = (/** @type {number} */ factor) =>
      this.relayout({ 'xaxis.range': [low, high].map((end) => middle + (end - middle) * factor) });
    const most = this.header?.xMax;
    /** @type {Record<string, () => void>} */
    const acts = {
      ArrowLeft: () => this.readOut(-1),
      ArrowRight: () => this.readOut(1),
      '+': () => zoom(0.5),
      '=': () => zoom(0.5),
      '-': () => zoom(2),
      0: () =>
        this.relayout({
          ...(most ? { 'xaxis.range': [0, most] } : { 'xaxis.autorange': true }),
          'yaxis.autorange': true,
        }),
    };
    if (!(event.key in acts)) return;
    event.preventDefault();
    acts[event.key]();
  }

  /** @param {Record<string, unknown>} change */
  relayout(change) {
    Plotly?.relayout(this.plot, change);
  }

  /** @param {number} step */
  readOut(step) {
    const { curves, xTitle } = /** @type {Drawn} */ (this.header);
    const number = curves.findIndex((curve) => curve.hover && curve.count && !this.hidden.has(curve.name));
    if (number < 0) return;
    const curve = curves[number];
    const stride = Math.max(1, Math.round(curve.count / 100)) * step;
    const from = this.cursor < 0 ? curve.count - 1 - stride : Math.min(this.cursor, curve.count - 1);
    this.cursor = Math.min(curve.count - 1, Math.max(0, from + stride));
    Plotly?.Fx.hover(this.plot, [{ curveNumber: number, pointNumber: this.cursor }]);
    this.announcement.textContent = `${curve.name}: ${xTitle} ${curve.x[this.cursor]}, ${curve.y[this.cursor]}`;
  }

  end() {
    this.ended = true;
    this.observer.disconnect();
    Plotly?.purge(this.plot);
    this.root.remove();
  }
}

/** The theme of the page, as Streamlit gives it. @param {Element} root */
function themeOf(root) {
  const style = getComputedStyle(root);
  const read = (/** @type {string} */ name) => style.getPropertyValue(name).trim();
  return {
    font: read('--st-font'),
    accent: read('--st-primary-color'),
    paper: read('--st-secondary-background-color'),
  };
}

export default drawing({
  mount: (/** @type {import('../lib/lifecycle.js').Component<Uint8Array>} */ { parentElement }) =>
    new Chart(parentElement),
  update: (chart, { data }) => {
    /** @type {{ header: Header, floats: Float32Array }} */
    const { header, floats } = unpack(data);
    chart.show(header, reader(floats));
  },
  end: (chart) => chart.end(),
});
