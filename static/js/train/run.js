// @ts-check
// A run as it trains: its curves and its numbers, pushed over the live channel, and how the curves are drawn.

import { end, mount, show } from '../charts/live_chart.js';
import * as bus from '../lib/bus.js';
import { CONTROLS_STYLE } from '../lib/controls.js';
import { el } from '../lib/dom.js';
import { Instrument } from '../lib/instrument.js';
import { drawing } from '../lib/lifecycle.js';
import { reader } from '../lib/message.js';

/** @typedef {import('./payload.js').RunHeader & { refusal?: string }} Told */

export const ASK = 'train-ask'; // a topic of the bus: look at the run again at once
export const TOLD = 'train-told'; // what the server said of the run, for its buttons
export const NEWS = 'train-news'; // the same, for the tab below
const FOLLOWS_MS = 3000; // after which a page that was told of another state should have been drawn for it
/** @type {{ header: Told | null }} what the server said last */
export const latest = { header: null };

export default drawing({
  mount: (component) => new RunView(component),
  update: (view, component) => view.hear(component),
  end: (view) => view.end(),
});

class RunView extends Instrument {
  /** @param {import('../lib/lifecycle.js').Component} component */
  constructor(component) {
    super(component);
    this.asked = '';
    this.page = ''; // what the page has to be drawn for
    this.toldPage = '';
    this.answers = 0;
    this.tells = 0;
    this.again = () => this.ask();
    bus.on(ASK, this.again);
  }

  get words() {
    return /** @type {import('./payload.js').RunWords} */ (/** @type {any} */ (this.header.labels));
  }

  /** @override @param {import('../lib/lifecycle.js').Component} component */
  hear(component) {
    const before = this.header?.labels.drawn;
    super.hear(component);
    if (before !== this.words.drawn) this.toldPage = '';
    this.tellPage(); // it may have been drawn for a state that is over already
    if (this.asked !== this.words.run) this.ask(); // another run, or the same one on a server that is new
  }

  /** @override */
  build() {
    const { words } = this;
    if (this.chart) end(this.chart);
    this.root?.remove();
    this.controls = this.controlsOf((name) => name !== 'run');
    this.numbers = el('dl', { class: 'run-numbers', 'data-testid': 'run-numbers' });
    this.bar = el('i');
    this.progress = el(
      'div',
      { class: 'run-progress', role: 'progressbar', 'aria-label': words.progress },
      this.bar,
    );
    this.said = el('p', { class: 'run-said', 'aria-live': 'polite' });
    this.latest = el('output', { class: 'run-said run-latest', 'aria-live': 'off' });
    this.why = el('p', { class: 'run-why', role: 'alert', hidden: true });
    const place = el('div', 'run-chart');
    this.root = el('div', 'run-view', place, this.lost, this.why, this.numbers, this.progress, this.controls.root);
    this.root.append(this.said, this.latest);
    this.root.prepend(el('style', '', `.run-view { ${CONTROLS_STYLE} }`));
    this.host.append(this.root); // beside the styles that Streamlit has put there
    this.chart = mount(place);
  }

  /** @override */
  show() {
    this.controls?.show(this.values);
  }

  /** @override */
  ask() {
    if (this.asked !== this.words.run) this.page = '';
    this.asked = this.words.run;
    this.line?.ask({ ...this.values, run: this.asked }, this.header.language);
  }

  /** @override @param {Told} header @param {Float32Array} floats */
  answer(header, floats) {
    if (!this.root || !this.chart) return;
    if (header.refusal) return this.refuse(header.refusal);
    if (!header.numbers) return; // the end of the stream
    this.why.hidden = true;
    if (header.chart) {
      const { language, labels } = this.header;
      show(this.chart, { ...header.chart, language, words: labels.chart }, reader(floats));
      this.latest.textContent = header.loss;
    }
    this.showNumbers(header);
    this.answers += 1;
    Object.assign(this.root.dataset, {
      answers: this.answers,
      run: header.run,
      state: header.state,
      step: header.step,
    });
    latest.header = header;
    bus.send(TOLD, header);
    bus.send(NEWS, header);
    this.page = `${header.run} ${header.page}`.trim();
    this.tellPage();
  }

  /** @param {string} why */
  refuse(why) {
    this.why.textContent = why;
    this.why.hidden = false;
    this.page = `${this.asked} refused`;
    this.tellPage(); // the run was deleted, or the server is new and the page not yet
  }

  /** Has the page drawn again when it shows another state of the run; asks again when it does not follow. */
  tellPage() {
    clearTimeout(this.telling);
    if (this.asked !== this.words.run || !this.page || this.page === this.words.drawn) return;
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

  /** @param {Told} header */
  showNumbers({ numbers, progress }) {
    while (this.numbers.children.length > numbers.length) this.numbers.lastElementChild?.remove();
    while (this.numbers.children.length < numbers.length) this.numbers.append(el('div', '', el('dt'), el('dd')));
    numbers.forEach(({ name, text, remark, old }, n) => {
      const [title, value, small] = this.numbers.children[n].children;
      put(title, name);
      put(value, text);
      if (!remark) small?.remove();
      else if (small) put(small, remark);
      else this.numbers.children[n].append(el('dd', 'remark', remark));
      value.classList.toggle('old', old);
    });
    const percent = (100 * progress).toFixed(1);
    this.bar.style.width = `${percent}%`;
    this.progress.setAttribute('aria-valuenow', percent);
    if (numbers[0].text !== this.said.textContent) this.said.textContent = numbers[0].text;
  }

  /** @override */
  end() {
    bus.off(ASK, this.again);
    clearTimeout(this.telling);
    super.end();
    if (this.chart) end(this.chart);
  }
}

/** @param {Element} element @param {string} text */
function put(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
