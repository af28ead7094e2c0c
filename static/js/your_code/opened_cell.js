// @ts-check
// One cell of a tensor, opened into the arithmetic that made it.

import { el, fill } from '../lib/dom.js';
import { formulaOf, stepsOf, termsOf, totalOf } from '../lib/explanation.js';
import { exact } from '../lib/numbers.js';

/**
 * @typedef {import('./payload.d.ts').RecordData} RecordData
 * @typedef {import('./payload.d.ts').TensorData} TensorData
 * @typedef {import('./payload.d.ts').OperationData} OperationData
 * @typedef {import('./payload.d.ts').ViewerWords} ViewerWords
 * @typedef {import('./payload.d.ts').AnswerData} AnswerData
 * @typedef {{ operation: number, part: number, index: number[] }} Question
 */

export class OpenedCell {
  /**
   * @param {RecordData} record
   * @param {ViewerWords} words
   * @param {((question: Question) => void) | null} ask
   */
  constructor(record, words, ask) {
    this.words = words;
    this.ask = ask;
    /** @type {Question | null} */
    this.question = null;
    this.title = el('h4');
    this.element = el('section', { class: 'opening', 'aria-live': 'polite' });
    this.operations = new Map(record.operations.map((one) => [one.index, one]));
  }

  /**
   * Returns what opens a cell of a tensor; null where no operation is known that made it.
   *
   * @param {TensorData} tensor
   */
  of({ maker, grid }) {
    const operation = maker ? this.operations.get(maker[0]) : undefined;
    if (!this.ask || !maker || !operation?.opens || grid < 0) return null;
    return (/** @type {number[]} */ index, /** @type {HTMLElement} */ from) =>
      this.open(operation, maker[1], index, from);
  }

  /** @param {OperationData} operation @param {number} part @param {number[]} index @param {HTMLElement} from */
  open(operation, part, index, from) {
    this.question = { operation: operation.index, part, index };
    from.closest('section, .variable')?.after(this.element);
    if (operation.opens === 'cut') this.show(el('p', {}, this.words.cut));
    else {
      this.show(el('p', {}, this.words.waiting));
      this.ask?.(this.question);
    }
  }

  close() {
    this.question = null;
    this.element.remove();
  }

  /** @param {AnswerData} answer */
  answer(answer) {
    if (!this.question || JSON.stringify(answer.question) !== JSON.stringify(this.question)) return;
    const { sentence, more, explanation } = answer;
    if (!explanation) {
      this.show(el('p', {}, sentence));
      return;
    }
    const labels = { ...this.words };
    const terms = termsOf(labels, explanation).element;
    this.show(
      formulaOf(explanation),
      totalOf(labels, explanation, explanation.terms.length + more),
      ...stepsOf(explanation),
      terms,
      more ? el('p', 'note', fill(this.words.more_terms, { count: more })) : null,
    );
    this.title.textContent += ` = ${exact(explanation.torch)}`;
  }

  /** @param {...(Node | null)} content */
  show(...content) {
    const { operation: number = 0, index = [] } = this.question ?? {};
    const operation = this.operations.get(number);
    this.title = el('h4', {}, `${operation?.name ?? ''}[${index.join(', ')}]`);
    const place = fill(this.words.made_in, { line: operation?.line ?? 0 });
    const shut = el('button', { type: 'button', class: 'shut', onclick: () => this.close() }, '×');
    shut.setAttribute('aria-label', this.words.close);
    this.element.replaceChildren(
      el('header', {}, this.title, shut),
      el('p', 'note', `${place} `, el('code', {}, operation?.expression ?? '')),
      ...content.flatMap((node) => (node ? [node] : [])),
    );
    this.element.scrollIntoView({ block: 'nearest' });
  }
}
