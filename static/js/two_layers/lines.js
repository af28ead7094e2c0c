// @ts-check
// A program of which one line is chosen, by pointer or by keys.

import { el } from '../lib/dom.js';
import { drawing } from '../lib/lifecycle.js';
import { clampIndex } from '../lib/shapes.js';

/** @typedef {import('./payload.js').LinesData} LinesData */

export default drawing({
  mount: (
    /** @type {import('../lib/lifecycle.js').Component<import('./payload.js').LinesData>} */ {
      parentElement,
      data,
      setStateValue,
    },
  ) => new Lines(parentElement, data, (line) => setStateValue('line', line)),
  update: (lines, { data }) => lines.mark(data),
});

class Lines {
  /** @param {HTMLElement & ShadowRoot} host @param {LinesData} data @param {(line: number) => void} tell */
  constructor(host, data, tell) {
    this.tell = tell;
    this.at = 0; // the line at which the keys stand
    this.rows = data.lines.map((text, number) => {
      const row = el('div', { class: 'line', role: 'option', id: `line-${number}` });
      row.append(el('span', 'number', String(number + 1)), el('code', '', text || ' '));
      row.onclick = () => this.choose(number);
      return row;
    });
    this.box = el('div', { class: 'lines', role: 'listbox', tabindex: '0' }, ...this.rows);
    this.box.onkeydown = (event) => this.key(event);
    host.replaceChildren(el('style', '', STYLE), this.box);
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const { length } = this.rows;
    const to = { ArrowDown: this.at + 1, ArrowUp: this.at - 1, Home: 0, End: length - 1 }[event.key];
    if (to !== undefined) this.stand(clampIndex(to, length));
    else if (event.key === 'Enter' || event.key === ' ') this.choose(this.at);
    else return;
    event.preventDefault();
  }

  /** @param {number} at */
  stand(at) {
    this.rows[this.at].classList.remove('at');
    this.at = at;
    this.rows[at].classList.add('at');
    this.rows[at].scrollIntoView({ block: 'nearest' });
    this.box.setAttribute('aria-activedescendant', `line-${at}`);
  }

  /** @param {number} at */
  choose(at) {
    this.stand(at);
    this.tell(at + 1);
  }

  /** @param {LinesData} data */
  mark({ label, number, wrong }) {
    this.box.setAttribute('aria-label', label);
    for (const [index, row] of this.rows.entries()) {
      row.setAttribute('aria-selected', String(number === index + 1));
      row.classList.toggle('wrong', wrong.includes(index + 1));
    }
  }
}

const STYLE = `
.lines { font: .8rem/1.55 var(--st-code-font); color: var(--st-text-color);
  background: var(--st-secondary-background-color); border-radius: .5rem; padding: .5rem 0; max-height: 420px;
  overflow: auto; }
.lines:focus-visible { outline: 2px solid var(--st-primary-color); outline-offset: 1px; }
.line { display: flex; gap: .8rem; white-space: pre; cursor: pointer; width: max-content; min-width: 100%;
  padding-right: .8rem; border-left: 3px solid transparent; }
.line code { font: inherit; }
.number { flex: 0 0 2.2rem; text-align: right; opacity: .75; user-select: none; }
.line:hover, .lines:focus-visible .at { background: color-mix(in srgb, var(--st-text-color) 9%, transparent); }
.line[aria-selected=true] { background: color-mix(in srgb, var(--st-primary-color) 24%, transparent);
  border-left-color: var(--st-primary-color); }
.line.wrong { background: rgba(255, 75, 75, .18); border-left-color: #ff4b4b; }
`;
