// @ts-check
// The four programs in lockstep: their settings, their matrices, and their losses as they run.
//
// The settings are the hand's; Python runs the programs (core/live/two_layers) and sends the losses as they come.

import { powers } from '../lib/axes.js';
import { CONTROLS_STYLE } from '../lib/controls.js';
import { Curves, powerText, worthDrawing } from '../lib/curves.js';
import { el, fill } from '../lib/dom.js';
import { Instrument } from '../lib/instrument.js';
import { drawing } from '../lib/lifecycle.js';
import { markDrawn } from '../lib/mark_drawn.js';
import { onTheme } from '../lib/theme.js';
import { matrices, newLosses, power, powerRange, side, take } from './model.js';
import { STYLE } from './style.js';

const MAIN = ['N', 'D_in', 'H', 'D_out', 'lr', 'iterations'];
const MORE = ['adam_lr', 'seed'];
const LINES = [
  { color: '#56b4e9', width: 7 },
  { color: '#d9730d', width: 4 },
  { color: '#009e73', width: 1.6 },
  { color: '#cc79a7', width: 1.8 },
];
const [HIGH, HIGH_ON_PHONES] = [84, 52]; // pixels of a side of 4000

/**
 * @typedef {import('./payload.js').WaysHeader} WaysHeader
 * @typedef {import('./payload.js').LockstepWords} LockstepWords
 * @typedef {import('../lib/lifecycle.js').Component<Uint8Array>} Component
 */

export default drawing({
  mount: (/** @type {Component} */ component) => {
    const lockstep = new Lockstep(component);
    onTheme(lockstep.root, () => lockstep.paint());
    return lockstep;
  },
  update: (lockstep, component) => lockstep.hear(component),
  end: (lockstep) => lockstep.end(),
});

class LossCurves extends Curves {
  /** @param {import('./model.js').Losses} losses */
  draw(losses) {
    const [low, high] = powerRange(losses);
    this.begin(losses.total, [low, high]);
    this.axes(powers(low, high), powerText, losses.total);
    this.clip();
    const { g } = this.f;
    losses.programs.forEach((program, i) => {
      const firstInfinite = program.subarray(0, losses.have).findIndex((loss) => !Number.isFinite(loss));
      const end = firstInfinite < 0 ? losses.have : firstInfinite;
      g.strokeStyle = LINES[i].color;
      g.lineWidth = LINES[i].width;
      g.lineJoin = 'round';
      const x = (/** @type {number} */ k) => this.toX(k + 1);
      const y = (/** @type {number} */ k) => this.toY(power(program[k]));
      this.line(worthDrawing(end, x, y), 0, end, x, y);
    });
    g.restore();
  }
}

/** @extends {Instrument<LockstepWords, WaysHeader>} */
class Lockstep extends Instrument {
  /** @type {import('./model.js').Losses | null} */
  losses = null;
  compact = false;
  waiting = 0; // for a frame
  why = el('p', { class: 'why', role: 'alert', hidden: true });
  shapes = el('div', { class: 'ways-shapes', role: 'img' });
  parameters = el('p', { class: 'ways-parameters' });
  canvas = el('canvas', { role: 'img' });
  curves = new LossCurves(this.canvas);
  where = el('output', { 'aria-live': 'off' });
  chart = el('div', 'ways-chart');
  /** @type {string[]} the last loss of each program that is here */
  latest = [];
  warning = el('p', { class: 'why', role: 'status', hidden: true });
  announcement = el('p', { class: 'ways-said', role: 'status' });
  table = el('table');
  output = el('pre', { tabindex: 0 });
  numbers = el('details', 'ways-numbers');
  results = [this.shapes, this.parameters, this.chart, this.announcement, this.numbers];
  root = el('div', 'lockstep');
  observer = new ResizeObserver(() => this.paint());

  /** @override @param {Component} component */
  hear(component) {
    super.hear(component);
    if (this.compact === this.header.labels.compact) return;
    this.turn();
    this.ask();
  }

  /** @override */
  build() {
    const { labels: words } = this.header;
    delete this.root.dataset.answer;
    this.controls = this.controlsOf();
    const of = (/** @type {string} */ name) => this.controls.of(name).root;
    const printed = this.controls.of('printed').root;
    const more = el('details', 'ways-more', el('summary', '', words.more), el('div', 'room', ...MORE.map(of)));
    this.controls.root.replaceChildren(...MAIN.map(of), more);
    this.canvas.setAttribute('aria-label', words.losses);
    const head = el('div', 'ways-head', el('b', '', words.losses), this.where);
    const legend = words.names.map((name, i) =>
      el('span', {}, el('i', { style: `background: ${LINES[i].color}` }), name),
    );
    this.chart.replaceChildren(head, this.canvas, el('div', 'ways-legend', ...legend));
    const scroll = el('div', 'scroll', this.table);
    this.numbers.replaceChildren(el('summary', '', words.numbers), scroll, printed, this.output);
    this.root.replaceChildren(this.controls.root, this.lost, this.why, this.shapes, this.chart);
    this.root.append(this.warning, this.parameters, this.announcement, this.numbers);
    this.host.replaceChildren(el('style', '', CONTROLS_STYLE + STYLE), this.root);
    this.observer.observe(this.root);
    this.turn();
  }

  // Between the whole instrument and its controls alone.
  turn() {
    this.compact = this.header.labels.compact;
    for (const part of this.results) part.hidden = this.compact;
  }

  /** @override */
  ask() {
    if (this.compact) markDrawn(this.host);
    else super.ask();
  }

  /** @override */
  show() {
    this.controls.show(this.values);
    const sizes = matrices(this.values).map(
      ({ sign, name, rows, columns }) => `${sign} ${name} ${rows}×${columns}`,
    );
    this.shapes.setAttribute('aria-label', `${this.header.labels.shapes}: ${sizes.join(' ').trim()}`);
    const most = (this.root.clientWidth || 800) < 600 ? HIGH_ON_PHONES : HIGH;
    this.shapes.replaceChildren(
      ...matrices(this.values).flatMap(({ sign, name, rows, columns }) => [
        sign ? el('span', 'sign', sign) : '',
        el(
          'div',
          `matrix ${name.startsWith('w') ? 'learned' : ''}`,
          el('div', { class: 'box', style: `width: ${side(columns, most)}px; height: ${side(rows, most)}px` }),
          el('span', '', name),
          el('span', '', `${rows}×${columns}`),
        ),
      ]),
    );
  }

  /** @override @param {import('../lib/live.js').Reply<WaysHeader>} header @param {Float32Array} floats */
  answer(header, floats) {
    if (this.compact) return;
    const refusal = 'refusal' in header ? header.refusal : '';
    this.why.textContent = refusal;
    this.why.hidden = !refusal;
    for (const part of this.results) part.hidden = Boolean(refusal) && part !== this.shapes;
    if (refusal) this.warning.hidden = true;
    if ('count' in header && header.parameters) this.parameters.textContent = header.parameters;
    if ('count' in header && header.count) this.takeIn(header, floats);
    this.root.dataset.answer = String(header.number);
  }

  /** @param {WaysHeader} header @param {Float32Array} floats */
  takeIn(header, floats) {
    if (!header.first && this.losses?.name !== header.run) {
      this.losses = newLosses(header.run, header.total, LINES.length);
    }
    if (!this.losses || this.losses.name !== header.run) return;
    take(this.losses, header, floats);
    this.latest = header.latest;
    this.announcement.textContent = header.comparison;
    this.warning.textContent = header.warning;
    this.warning.hidden = !header.warning;
    if (header.rows.length) this.write(header);
    this.paintSoon();
  }

  /** The losses as numbers. @param {WaysHeader} header */
  write({ rows, printed }) {
    const row = (/** @type {'th' | 'td'} */ kind, /** @type {string[]} */ cells) =>
      el('tr', {}, ...cells.map((cell) => el(kind, {}, cell)));
    this.table.replaceChildren(row('th', this.header.labels.columns), ...rows.map((cells) => row('td', cells)));
    this.output.textContent = printed;
  }

  // In the next frame, once, however many messages come until then. What was never painted does not wait for a frame:
  // a page in the background has none.
  paintSoon() {
    if (!this.where.textContent) this.paint();
    cancelAnimationFrame(this.waiting);
    this.waiting = requestAnimationFrame(() => this.paint());
  }

  paint() {
    const { losses } = this;
    if (!losses || this.compact || !this.root.clientWidth) return;
    this.curves.draw(losses);
    const counts = { at: losses.have.toLocaleString('en'), done: losses.total.toLocaleString('en') };
    const { labels: words } = this.header;
    this.where.textContent = fill(words.where, counts);
    const latest = this.latest.map((loss, i) => `${words.names[i]} ${loss}`);
    this.canvas.setAttribute('aria-label', `${words.losses}, ${this.where.textContent}: ${latest.join(', ')}`);
  }

  /** @override */
  end() {
    super.end();
    cancelAnimationFrame(this.waiting);
    this.observer.disconnect();
  }
}
