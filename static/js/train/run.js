// @ts-check
// A run as it trains: its curves and its numbers, pushed over the live channel, and how the curves are drawn.

import { Chart } from '../charts/live_chart.js';
import { CONTROLS_STYLE } from '../lib/controls.js';
import { el } from '../lib/dom.js';
import { Instrument } from '../lib/instrument.js';
import { drawing } from '../lib/lifecycle.js';
import { reader } from '../lib/message.js';
import { latest, tell, view } from './latest_run.js';
import { Numbers } from './numbers.js';

/**
 * @typedef {import('./payload.js').RunHeader} Told
 * @typedef {import('./payload.js').RunWords} RunWords
 */

const FOLLOWS_MS = 3000; // after which a page that was told of another state should have been drawn for it

export default drawing({
  mount: (/** @type {import('../lib/lifecycle.js').Component<Uint8Array>} */ component) => new RunView(component),
  update: (view, component) => view.hear(component),
  end: (view) => view.end(),
});

/** @extends {Instrument<RunWords, Told>} */
class RunView extends Instrument {
  /** @param {import('../lib/lifecycle.js').Component<Uint8Array>} component */
  constructor(component) {
    super(component);
    this.runName = '';
    this.page = ''; // what the page has to be drawn for
    this.toldPage = '';
    this.answers = 0;
    this.tells = 0;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.telling = undefined;
    this.numbers = new Numbers();
    this.latest = el('output', { class: 'run-said run-latest', 'aria-live': 'off' });
    this.why = el('p', { class: 'run-why', role: 'alert', hidden: true });
    const place = el('div', 'run-chart');
    const style = el('style', '', `.run-view { ${CONTROLS_STYLE} }`);
    this.root = el('div', 'run-view', style, place, this.lost, this.why, ...this.numbers.elements, this.latest);
    this.host.append(this.root); // beside the styles that Streamlit has put there
    this.chart = new Chart(place);
    this.again = () => this.ask();
    view.ask = this.again;
  }

  /** @override @param {import('../lib/lifecycle.js').Component<Uint8Array>} component */
  hear(component) {
    const before = this.heard?.labels.page;
    super.hear(component);
    const { page, run } = this.header.labels;
    if (before !== page) this.toldPage = '';
    this.tellPage(); // it may have been drawn for a state that is over already
    if (this.runName !== run) this.ask(); // another run, or the same one on a server that is new
  }

  /** @override */
  build() {
    this.controls.root.remove();
    this.controls = this.controlsOf((name) => name !== 'run');
    this.root.append(this.controls.root);
    this.numbers.name(this.header.labels.progress);
  }

  /** @override */
  show() {
    this.controls.show(this.values);
  }

  /** @override */
  ask() {
    const { run } = this.header.labels;
    if (this.runName !== run) this.page = '';
    this.runName = run;
    this.line?.ask({ ...this.values, run }, this.header.language);
  }

  /** @override @param {import('../lib/live.js').Reply<Told>} header @param {Float32Array} floats */
  answer(header, floats) {
    if ('refusal' in header) return this.refuse(header.refusal);
    if (!('numbers' in header)) return; // the end of the stream
    this.why.hidden = true;
    if (header.chart) {
      const { language, labels } = this.header;
      this.chart.show({ ...header.chart, language, words: labels.chart }, reader(floats));
      this.latest.textContent = header.loss;
    }
    this.numbers.show(header);
    this.answers += 1;
    const { run, state, step } = header;
    Object.assign(this.root.dataset, { answers: this.answers, run, state, step });
    tell(header);
    this.page = `${run} ${header.page}`.trim();
    this.tellPage();
  }

  /** @param {string} why */
  refuse(why) {
    this.why.textContent = why;
    this.why.hidden = false;
    this.page = `${this.runName} refused`;
    this.tellPage(); // the run was deleted, or the server is new and the page not yet
  }

  /** Has the page drawn again when it shows another state of the run; asks again when it does not follow. */
  tellPage() {
    clearTimeout(this.telling);
    const { run, page } = this.header.labels;
    if (this.runName !== run || !this.page || this.page === page) return;
    if (this.page !== this.toldPage) {
      this.toldPage = this.page;
      this.tells += 1;
      this.tell('page', `${this.page} ${this.tells}`);
    }
    this.telling = setTimeout(() => {
      this.toldPage = '';
      this.tellPage();
    }, FOLLOWS_MS);
  }

  /** @override @param {boolean} is */
  connected(is) {
    super.connected(is);
    if (!is) latest.header = null; // the server may be another one next
  }

  /** @override */
  end() {
    clearTimeout(this.telling);
    if (view.ask === this.again) view.ask = () => {};
    super.end();
    this.chart.end();
  }
}
