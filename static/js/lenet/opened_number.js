// @ts-check
// The nearest zoom: one number, its formula, the terms that made it, and the cells they came from, lit.

import { el, fill, setChildren } from '../lib/dom.js';
import { formulaOf, stepsOf, termsOf, totalOf } from '../lib/explanation.js';
import { formula } from '../lib/formula.js';
import { exact, short } from '../lib/numbers.js';
import { cellsOf, LinkedMaps, nameOf } from './linked_maps.js';
import { areSame, Memo } from './memo.js';
import { consequences, NumberControl } from './what_if.js';

/**
 * @typedef {import('./walk.js').Walk} Walk
 * @typedef {import('./payload.js').OpenedCellData} OpenedCellData
 */

/** The open number: its title, the slider that changes it, what follows, and the arithmetic that made it. */
export class OpenedNumber {
  /** @param {Walk} walk */
  constructor(walk) {
    this.walk = walk;
    this.parts = partsOf(walk);
    this.answered = false; // until then there is no title and no slider
    /** @type {Memo<LinkedMaps>} */
    this.maps = new Memo();
    /** @type {Memo<{ formulas: HTMLElement[], terms: ReturnType<typeof termsOf> }>} */
    this.texts = new Memo();
    this.head = el('h2', { tabindex: '-1' });
    this.follows = el('div', { class: 'consequences' });
    this.body = el('div', { class: 'arithmetic' });
    const { answer, place } = walk;
    const number = answer && 'title' in answer ? answer : null;
    this.control =
      number && number.tensor !== null && place
        ? new NumberControl(walk, place, number.tensor, titleOf(walk, number))
        : null;
    this.root = el('div', { class: 'opened' }, this.head, this.control?.root, this.follows, this.body);
    if (answer) this.show(answer);
    else this.body.append(walk.step.labels.waiting);
  }

  /** Whether it is that of the walk, and all but its answer is as it was. */
  fits() {
    return this.answered && areSame(partsOf(this.walk), this.parts);
  }

  /** Brings everything but the slider in the hand to an answer. @param {import('./walk.js').CellAnswer} answer */
  show(answer) {
    const { walk } = this;
    const number = 'title' in answer ? answer : null;
    this.answered = number !== null;
    this.head.hidden = !number;
    if (number) this.head.textContent = `${titleOf(walk, number)} = ${exact(number.value)}`;
    const { place } = walk;
    const { whatIf } = walk.numbers;
    if (place) this.control?.show(walk.changes.numberAt(place.value, place.place));
    const isPast = whatIf && walk.cell?.kind !== 'value';
    this.follows.replaceChildren(
      isPast ? el('p', { class: 'words' }, walk.step.labels.forward_only) : '',
      whatIf && !isPast ? consequences(walk, whatIf) : '',
    );
    const sentence = answer.sentence ? [el('p', { class: 'words' }, answer.sentence)] : [];
    setChildren(this.body, [...sentence, ...(number ? this.arithmetic(number) : [])]);
  }

  /** @param {OpenedCellData} answer @returns {Element[]} */
  arithmetic(answer) {
    const { labels } = this.walk.step;
    const { parts, update, explanation } = answer;
    const items = parts.map(([name, value]) => el('li', {}, name, el('span', {}, exact(value))));
    const before = [
      ...(items.length ? [el('ul', { class: 'terms' }, ...items)] : []),
      ...(update ? [updateOf(labels, update)] : []),
    ];
    const maps = this.linked(answer);
    if (!explanation) return [...before, maps.element];
    const { formulas, terms } = this.text(explanation);
    maps.link(terms.items);
    return [...before, ...formulas, maps.element, terms.element];
  }

  /** The formula and the terms; a list of terms that is as it was stays, scrolled as it is. */
  text(/** @type {NonNullable<OpenedCellData['explanation']>} */ explanation) {
    const { labels } = this.walk;
    return this.texts.of([this.walk.step.labels, JSON.stringify(explanation)], () => ({
      formulas: [formulaOf(explanation), totalOf(labels, explanation), ...stepsOf(explanation)],
      terms: termsOf(labels, explanation),
    }));
  }

  /** The drawings of the answer: those that are there, with its numbers, where it has the same. */
  linked(/** @type {OpenedCellData} */ answer) {
    const { walk, maps } = this;
    const cells = cellsOf(walk, answer);
    const { tensor, index, sources } = answer;
    const facts = JSON.stringify([tensor, index, sources, [...cells].map(([name, terms]) => [name, [...terms]])]);
    const parts = [walk.step.labels, walk.stage.halfWidth(), walk.options.shared, facts];
    if (maps.isOf(parts)) maps.value?.show();
    return maps.of(parts, () => new LinkedMaps(walk, answer, cells));
  }
}

// What its elements are made of.
/** @param {Walk} walk */
const partsOf = ({ step, opening, place }) => [step.labels, opening, JSON.stringify(place)];

/** @param {Walk} walk @param {OpenedCellData} answer */
const titleOf = (walk, answer) => `${nameOf(walk.cell, answer)}[${answer.index.join(', ')}]`;

/** @param {import('./walk.js').StepWords} labels @param {import('./payload.js').UpdateData} update */
function updateOf(labels, update) {
  const table = el('table', { class: 'lines' });
  for (const [symbol, general, numbers, value] of update.lines) {
    table.append(
      el(
        'tr',
        {},
        el('td', {}, formula(symbol)),
        el('td', {}, formula(`= ${general}`)),
        el('td', {}, formula(`= ${numbers}`)),
        el('td', {}, `= ${exact(value)}`),
      ),
    );
  }
  const sentence = update.exact
    ? labels.exact
    : fill(labels.rounding, { torch: exact(update.torch), difference: short(update.difference) });
  return el(
    'div',
    {},
    el('div', { class: 'scroll' }, table),
    el(
      'div',
      { class: 'answer' },
      el('span', {}, `${labels.by_hand} `, el('b', {}, exact(update.after))),
      el('span', {}, `${labels.torch} `, el('b', {}, exact(update.torch))),
    ),
    el('div', { class: `badge ${update.exact ? 'fine' : 'far'}` }, sentence),
  );
}
