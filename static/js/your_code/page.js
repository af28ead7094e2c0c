// @ts-check
// The page for your own program: editor, Run and Stop, and what came of it.

import { el, fill } from '../lib/dom.js';
import { drawing } from '../lib/lifecycle.js';
import { keep, recall } from '../lib/tab_storage.js';
import { STYLE as PICTURE_STYLE } from '../network/style.js';
import { repair } from './editing.js';
import { Editor } from './editor.js';
import { ProgramBar } from './program_bar.js';
import { printList } from './result.js';
import { STYLE } from './style.js';
import { TOKEN } from './token.js';
import { answers, questions } from './topics.js';
import { Viewer } from './viewer.js';

/** @typedef {import('./payload.d.ts').PageData} PageData */
/** @typedef {import('../lib/lifecycle.js').Component<PageData>} Component */

const TEXT = 'stepwise_your_code'; // the text that was typed, for a reload of the tab
const MOST_FILE = 200_000; // characters

class Page {
  /** @param {Component} component */
  constructor({ data, parentElement }) {
    this.data = data;
    const { words } = this;
    this.tell = /** @type {Component['setTriggerValue']} */ (() => {});
    this.editor = new Editor({ label: words.editor, keys: words.keys }, () => this.changed());
    this.recordJob = -1; // the job whose record is drawn
    this.viewerJob = -1; // the job that the viewer shows
    /** @type {Viewer | null} */
    this.viewer = null;
    this.visit = -1;
    this.state = '';
    this.bar = new ProgramBar({
      choose: (key) => this.choose(key),
      open: (file) => this.open(file),
      start: () => this.start(),
      stop: () => this.tell('stop', this.data.job.number),
    });
    this.status = el('div', { class: 'status', role: 'status' });
    this.outcome = el('div', 'outcome');
    const halves = [el('div', 'half', this.editor.element), el('div', 'half', this.status, this.outcome)];
    const style = el('style', {}, PICTURE_STYLE + STYLE);
    this.root = el('div', 'code-page', style, this.bar.element, el('div', 'halves', ...halves));
    this.root.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      this.start();
    });
    parentElement.append(this.root);
    this.answered = (/** @type {import('./payload.d.ts').AnswerData} */ answer) =>
      answer.job === this.viewerJob && this.viewer?.timeline.opening.answer(answer);
    answers.on(this.answered);
    this.editor.text = recall(TEXT) || this.data.text || this.data.examples[0].text;
  }

  get words() {
    return this.data.words;
  }

  /** @param {Component} component */
  update({ data, setTriggerValue }) {
    this.tell = setTriggerValue;
    const before = this.data;
    this.data = data;
    const { job, program } = this.data;
    const { words } = this;
    if (this.data.token) keep(TOKEN, this.data.token);
    if (program.visit !== this.visit) {
      this.visit = program.visit;
      if (program.text) this.editor.text = program.text;
    }
    this.rename();
    this.bar.show(job.state === 'waiting' || job.state === 'running');
    this.progress();
    if (job.number !== this.recordJob || before.language !== this.data.language || job.state !== this.state)
      this.draw();
    this.state = job.state;
    this.root.dataset.state = job.state;
    this.root.setAttribute('aria-label', words.editor);
  }

  /** Says everything in the language of the page, where that has changed. */
  rename() {
    const { examples, language } = this.data;
    const { words } = this;
    if (this.root.dataset.language === language) return;
    this.root.dataset.language = language;
    this.bar.rename(words, examples);
    this.editor.area.setAttribute('aria-label', words.editor);
    const keys = this.editor.element.querySelector('.keys');
    if (keys) keys.textContent = words.keys;
    this.changed();
  }

  /** The text is another: what is lit no longer belongs to it. */
  changed() {
    keep(TEXT, this.editor.text);
    const { examples, record } = this.data;
    const same = examples.find(({ text }) => text === this.editor.text);
    this.bar.choice.value = same?.key ?? '';
    const stale = Boolean(record && record.text !== this.editor.text);
    this.root.classList.toggle('stale', stale);
    if (stale && (this.editor.lit.line || this.editor.problems.size)) {
      this.editor.lit = { line: 0, kind: '', marks: new Map() };
      this.editor.point(new Map());
    }
  }

  /** @param {string} key of an example */
  choose(key) {
    const example = this.data.examples.find((each) => each.key === key);
    if (example) this.replace(example.text);
  }

  /** @param {string} text */
  replace(text) {
    this.editor.apply({ text, start: 0, end: 0 });
    this.bar.askShape(null);
  }

  /** @param {File} file */
  async open(file) {
    if (file.size > MOST_FILE * 4) this.status.textContent = fill(this.words.too_long, { most: MOST_FILE });
    else this.replace((await file.text()).replaceAll('\r\n', '\n'));
  }

  start() {
    if (this.bar.run.disabled) return;
    if (!this.editor.text.trim()) {
      this.status.textContent = this.words.nothing_to_run;
      this.editor.area.focus();
      return;
    }
    const shape = this.bar.inputShape;
    if (shape === undefined) {
      this.status.textContent = this.words.no_shape;
      this.bar.shape.focus();
      return;
    }
    this.bar.run.disabled = true;
    this.tell('run', { text: this.editor.text, shape });
  }

  progress() {
    const { job } = this.data;
    const { words } = this;
    const { state, progress } = job;
    if (state === 'waiting') this.status.replaceChildren(el('span', 'busy'), words.waiting);
    else if (state === 'running') {
      const sentence = fill(words.progress, { ...progress, seconds: progress.seconds.toFixed(1) });
      this.status.replaceChildren(el('span', 'busy'), sentence);
      this.outcome.replaceChildren(
        progress.prints.length
          ? printList(
              progress.prints.map((text) => ({ line: 0, text, skipped_before: 0 })),
              words,
            )
          : '',
      );
      this.recordJob = -1;
    }
  }

  /** Draws what came of the run. */
  draw() {
    const { job, record, language } = this.data;
    const { words } = this;
    if (job.state === 'none') this.status.textContent = words.start;
    if (job.state !== 'done') return;
    this.recordJob = job.number;
    if (!record) {
      this.status.textContent = '';
      this.outcome.replaceChildren(
        el('section', { class: 'card error', role: 'alert' }, el('p', {}, job.sentence)),
      );
      return;
    }
    this.status.textContent = '';
    this.bar.askShape(record.module ? record.input_shape : null);
    const same = this.viewer?.record === record || this.viewer?.record.text === record.text;
    const place = same ? { tab: this.viewer?.tab, at: this.viewer?.timeline.at } : {};
    this.viewer?.end();
    this.viewer = new Viewer(record, this.words, language, this.editor, {
      repair: (fix) => this.repair(fix),
      ask: (question) => questions.send({ ...question, job: job.number }),
      ...(job.number === this.viewerJob ? place : {}),
    });
    this.viewerJob = job.number;
    this.outcome.replaceChildren(this.viewer.element);
  }

  /** @param {{ line: number, code: string }} fix */
  repair(fix) {
    const { record } = this.data;
    const { words } = this;
    if (record && record.text !== this.editor.text) {
      this.status.textContent = words.changed_since;
      return;
    }
    const text = repair(this.editor.text, fix);
    const at = text.split('\n').slice(0, fix.line).join('\n').length;
    this.editor.apply({ text, start: at, end: at });
    this.editor.reveal(fix.line);
    this.status.textContent = words.repaired;
  }
}

export default drawing({
  mount: (/** @type {Component} */ component) => new Page(component),
  update: (page, component) => page.update(component),
  end: (page) => {
    answers.off(page.answered);
    page.root.remove();
  },
});
