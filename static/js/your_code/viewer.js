// @ts-check
// A record in five tabs: what is wrong, the steps, the networks, the curves, what was printed.
//
// The page and an exported file show it.

import { el, fill } from '../lib/dom.js';
import { curves } from './curves.js';
import { marksOf } from './highlight.js';
import { Networks } from './networks.js';
import { printList, result } from './result.js';
import { Tabs } from './tabs.js';
import { Timeline } from './timeline.js';
import { countOf } from './timeline_model.js';

/** @typedef {import('./payload.d.ts').RecordData} RecordData */
/** @typedef {import('./payload.d.ts').ViewerWords} ViewerWords */
/** @typedef {'result' | 'steps' | 'network' | 'curves' | 'prints'} Tab */

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
    const prints = record.prints.length ? printList(record.prints, words) : el('p', 'note', words.no_prints);
    /** @type {Tabs<Tab>} */
    this.tabs = new Tabs(
      words.result,
      [
        // The type of an error, which may be long, stands in the card.
        {
          name: 'result',
          text: record.error ? words.error : words.result,
          panel: result(record, words, language, { goTo, repair }),
        },
        { name: 'steps', text: words.steps, panel: this.timeline.element },
        { name: 'network', text: words.network, panel: this.networks.element },
        { name: 'curves', text: words.curves, panel: curves(record.series, words, byStep) },
        { name: 'prints', text: words.prints, panel: prints },
      ],
      (name) => this.open(name),
    );
    const panels = this.tabs.panels.map(({ panel }) => panel);
    this.element = el('div', 'viewer', summary(record, words), this.tabs.element, ...panels);
    const wrong = Boolean(record.error || record.findings.length);
    this.tab = tab ?? (wrong || !this.timeline.all.length ? 'result' : 'steps');
    this.open(this.tab);
  }

  /** Whether the editor still holds the program that the record is of. */
  get belongs() {
    return this.editor.text === this.record.text;
  }

  /** @param {Tab} tab */
  open(tab) {
    this.tab = tab;
    this.tabs.select(tab);
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

/** How much ran. @param {RecordData} record @param {ViewerWords} words */
function summary(record, words) {
  const { count: lines, more } = countOf(record);
  const { total_operations: operations, seconds } = record;
  const sentence = more ? words.ran_more : words.ran;
  return el('p', 'ran', fill(sentence, { lines, operations, seconds: seconds.toFixed(1) }));
}
