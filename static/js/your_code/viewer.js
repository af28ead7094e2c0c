// @ts-check
// A record in five tabs: what is wrong, the steps, the networks, the curves, what was printed. The page and an exported file show it.

import { el, fill } from '../lib/dom.js';
import { curves } from './curves.js';
import { marksOf } from './highlight.js';
import { Networks } from './networks.js';
import { printList, result } from './result.js';
import { Timeline } from './timeline.js';
import { countOf } from './timeline_model.js';

/** @typedef {import('./payload.d.ts').RecordData} RecordData */
/** @typedef {import('./payload.d.ts').ViewerWords} ViewerWords */
/** @typedef {'result' | 'steps' | 'network' | 'curves' | 'prints'} Tab */

const TABS = /** @type {const} */ (['result', 'steps', 'network', 'curves', 'prints']);

export class Viewer {
  /**
   * @param {RecordData} record
   * @param {ViewerWords} words
   * @param {string} language
   * @param {import('./editor.js').Editor} editor
   * @param {{
   *   repair: ((fix: { line: number, code: string }) => void) | null,
   *   ask?: ((question: import('./opened_cell.js').Question) => void) | null,
   *   tab?: Tab,
   *   at?: number,
   * }} options
   */
  constructor(record, words, language, editor, { repair, ask = null, tab, at }) {
    this.record = record;
    this.editor = editor;
    const wrong = Boolean(record.error || record.findings.length);
    const light = (/** @type {number} */ line, /** @type {Parameters<Timeline['light']>[1]} */ marks) => {
      if (this.belongs) editor.light(line, 'now', marks);
    };
    this.timeline = new Timeline(record, words, light, ask);
    this.timeline.at = at ?? 0;
    const goTo = (/** @type {number} */ line) => editor.goTo(line);
    const byStep = (/** @type {number} */ step) => {
      this.open('steps');
      this.timeline.goToStep(step);
    };
    this.networks = new Networks(record.pictures, words, language, byStep);
    const names = {
      result: record.error ? words.error : words.result, // its type, which may be long, stands in the card
      steps: words.steps,
      network: words.network,
      curves: words.curves,
      prints: words.prints,
    };
    this.panels = {
      result: result(record, words, language, { goTo, repair }),
      steps: this.timeline.element,
      network: this.networks.element,
      curves: curves(record.series, words, byStep),
      prints: record.prints.length ? printList(record.prints, words) : el('p', 'note', words.no_prints),
    };
    this.tabs = TABS.map((name) =>
      el(
        'button',
        {
          role: 'tab',
          id: `tab-${name}`,
          'data-tab': name,
          'aria-controls': `panel-${name}`,
          onclick: () => this.open(name),
          onkeydown: (/** @type {KeyboardEvent} */ event) => this.key(event),
        },
        names[name],
      ),
    );
    for (const name of TABS) {
      this.panels[name].setAttribute('role', 'tabpanel');
      this.panels[name].id = `panel-${name}`;
      this.panels[name].setAttribute('aria-labelledby', `tab-${name}`);
    }
    const { count: lines, more } = countOf(record);
    const { total_operations: operations, seconds } = record;
    this.element = el(
      'div',
      'viewer',
      el('p', 'ran', fill(more ? words.ran_more : words.ran, { lines, operations, seconds: seconds.toFixed(1) })),
      el('div', { class: 'tabs', role: 'tablist', 'aria-label': words.result }, ...this.tabs),
      ...TABS.map((name) => this.panels[name]),
    );
    /** @type {Tab} */
    this.tab = tab ?? (wrong || !this.timeline.all.length ? 'result' : 'steps');
    this.open(this.tab);
  }

  /** Whether the editor still holds the program that the record is of. */
  get belongs() {
    return this.editor.text === this.record.text;
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const direction = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!direction) return;
    event.preventDefault();
    const next = (TABS.indexOf(this.tab) + direction + TABS.length) % TABS.length;
    this.open(TABS[next]);
    this.tabs[next].focus();
  }

  /** @param {Tab} tab */
  open(tab) {
    this.tab = tab;
    for (const [i, name] of TABS.entries()) {
      this.panels[name].hidden = name !== tab;
      this.tabs[i].setAttribute('aria-selected', String(name === tab));
      this.tabs[i].tabIndex = name === tab ? 0 : -1;
    }
    if (tab === 'network') this.networks.show();
    if (tab === 'steps') this.timeline.show();
    else this.point();
  }

  /** Lights where the program broke, and names the lines of findings. */
  point() {
    if (!this.belongs) return;
    const { error, findings, text } = this.record;
    const problems = new Map(findings.map(({ line }) => [line, 'finding']));
    if (error) problems.set(error.line, 'error');
    this.editor.point(problems);
    if (error) this.editor.light(error.line, 'error', marksOf(text, error.line, error.expression, 'error'));
    else this.editor.light(0, '', new Map());
  }

  end() {
    this.timeline.end();
    this.networks.end();
  }
}
