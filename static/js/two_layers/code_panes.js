// @ts-check
// Programs side by side: the lines that carry out the same idea light up together.

import { arrowOf } from '../lib/arrow_keys.js';
import { el } from '../lib/dom.js';
import { drawing } from '../lib/lifecycle.js';
import { clampIndex } from '../lib/shapes.js';
import { CHOSEN_STYLE } from '../lib/theme.js';

const STYLE = `
.panes { font-family: var(--st-font); color: var(--st-text-color); }
.panes-ideas { display: flex; flex-wrap: wrap; gap: .35rem; margin-bottom: .5rem; }
.panes-ideas button { font: .82rem var(--st-code-font); color: inherit;
  background: var(--st-secondary-background-color); border: 1px solid var(--st-border-color); border-radius: 1rem;
  padding: .3rem .7rem; cursor: pointer; }
.panes-ideas button[aria-pressed=true] { background: var(--st-primary-color); color: #fff; border-color: transparent; }
${CHOSEN_STYLE}
.panes button:focus-visible, .panes [tabindex]:focus-visible { outline: 2px solid var(--st-primary-color);
  outline-offset: 1px; }
.panes-said { min-height: 3.4rem; padding: .5rem .8rem; border-left: 3px solid var(--st-primary-color);
  background: var(--st-secondary-background-color); border-radius: 0 .4rem .4rem 0; margin-bottom: .6rem;
  font-size: .9rem; }
.panes-said b { font: 600 .95rem var(--st-code-font); margin-right: .8rem; }
.panes-said code { font: .85rem var(--st-code-font); opacity: .85; }
.panes-all { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 340px), 1fr)); gap: .75rem; }
.panes-one { border: 1px solid var(--st-border-color); border-radius: .5rem; min-width: 0;
  background: var(--st-secondary-background-color); }
.panes-one h2 { margin: 0; padding: .45rem .7rem; font-size: .9rem; border-bottom: 1px solid var(--st-border-color); }
.panes-code { overflow-x: auto; padding: .4rem 0; font: .74rem/1.5 var(--st-code-font); }
.panes-inner { width: max-content; min-width: 100%; }
.panes-line { white-space: pre; padding: 0 .7rem; min-height: 1.5em; border-left: 3px solid transparent; }
.panes-line.can { cursor: pointer; }
.panes-line.lit { background: color-mix(in srgb, var(--st-primary-color) 24%, transparent);
  border-left-color: var(--st-primary-color); }
@media (max-width: 700px) {
  .panes-all { display: flex; overflow-x: auto; scroll-snap-type: x mandatory; }
  .panes-one { flex: 0 0 88%; scroll-snap-align: start; }
}
`;

/**
 * @typedef {import('./payload.js').PanesData} PanesData
 * @typedef {import('./payload.js').PaneData} PaneData
 * @typedef {{ element: HTMLElement, ideas: string[] }} Line
 */

export default drawing({
  mount: (/** @type {import('../lib/lifecycle.js').Component<PanesData>} */ { parentElement, data }) =>
    new Panes(parentElement, data),
  update: (panes, { data }) => panes.update(data),
  end: (panes) => panes.root.remove(),
});

class Panes {
  /** @param {HTMLElement} host @param {PanesData} data */
  constructor(host, data) {
    this.data = data;
    this.content = '';
    this.ideas = [data.start]; // the ideas that stay lit when the pointer leaves
    /** @type {Line[]} */
    this.lines = [];
    /** @type {Map<string, HTMLElement>} by the names of the ideas */
    this.buttons = new Map();
    this.announcement = el('div', { class: 'panes-said', 'aria-live': 'polite' });
    this.root = el('div', 'panes');
    host.append(this.root);
  }

  /** @param {PanesData} data */
  update(data) {
    const content = JSON.stringify(data);
    if (content === this.content) return;
    this.content = content;
    this.data = data;
    this.build();
    this.light(this.ideas);
  }

  build() {
    const { ideas, panes, labels } = this.data;
    this.lines = [];
    this.buttons = new Map(ideas.map(({ name, title }) => [name, this.button(name, title)]));
    const all = el('div', 'panes-all', ...panes.map((pane) => this.pane(pane)));
    all.addEventListener('pointerleave', () => this.light(this.ideas));
    const buttons = el('div', { class: 'panes-ideas', role: 'group', 'aria-label': labels.ideas });
    buttons.append(...this.buttons.values());
    this.root.replaceChildren(el('style', '', STYLE), buttons, this.announcement, all);
  }

  /** @param {string} name of an idea @param {string} title */
  button(name, title) {
    const button = el('button', '', title);
    button.addEventListener('click', () => this.light([name], true));
    button.addEventListener('pointerenter', (event) => event.pointerType === 'mouse' && this.light([name]));
    return button;
  }

  /** @param {PaneData} pane */
  pane({ title, lines }) {
    const names = new Set(this.data.ideas.map(({ name }) => name));
    const own = lines.map(({ text, ideas }) => {
      const can = ideas.some((idea) => names.has(idea)); // light others
      return { element: el('div', `panes-line${can ? ' can' : ''}`, text), ideas, can };
    });
    this.lines.push(...own);
    const label = `${title}. ${this.data.labels.keys}`;
    const code = el('div', { class: 'panes-code', tabindex: 0, role: 'group', 'aria-label': label });
    code.append(el('div', 'panes-inner', ...own.map(({ element }) => element)));
    this.listen(
      code,
      own.filter(({ can }) => can),
    );
    return el('section', 'panes-one', el('h2', '', title), code);
  }

  /**
   * Pointing at a line lights its ideas, a click and the arrow keys hold them.
   *
   * @param {HTMLElement} code
   * @param {Line[]} lines
   */
  listen(code, lines) {
    let at = -1; // the line at which the arrow keys stand
    const stand = (/** @type {number} */ place) => {
      at = place;
      this.light(lines[at].ideas, true);
    };
    for (const [place, { element, ideas }] of lines.entries()) {
      element.addEventListener('pointerenter', (event) => event.pointerType === 'mouse' && this.light(ideas));
      element.addEventListener('click', () => stand(place));
    }
    code.addEventListener('keydown', (event) => {
      const step = arrowOf(event.key)?.rows;
      if (!step || !lines.length) return;
      event.preventDefault();
      stand(clampIndex(at + step, lines.length));
    });
  }

  /** Lights every line that shares an idea. @param {string[]} ideas @param {boolean} [hold] whether it stays */
  light(ideas, hold = false) {
    if (hold) this.ideas = ideas;
    for (const line of this.lines) {
      line.element.classList.toggle(
        'lit',
        line.ideas.some((idea) => ideas.includes(idea)),
      );
    }
    for (const [name, button] of this.buttons) button.setAttribute('aria-pressed', String(ideas.includes(name)));
    const explanations = this.data.ideas.filter(({ name }) => ideas.includes(name));
    const rows = explanations.map(({ formula, shape, why }) =>
      el('div', '', el('b', '', formula), el('code', '', shape), ` ${why}`),
    );
    this.announcement.replaceChildren(...(rows.length ? rows : [this.data.labels.hint]));
  }
}
