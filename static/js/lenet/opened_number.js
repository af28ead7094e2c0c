// @ts-check
// The nearest zoom: one number, its formula, the terms that made it, and the cells they came from, lit.

import { el, fill } from '../lib/dom.js';
import { formulaOf, stepsOf, termsOf, totalOf } from '../lib/explanation.js';
import { formula } from '../lib/formula.js';
import { exact, short } from '../lib/numbers.js';
import { ravel, shapeText, unravel } from '../lib/shapes.js';
import { TensorGrid } from './tensor_grid.js';
import { mapsOf } from './tensor_layout.js';
import { consequences, NumberControl } from './what_if.js';

const MOST_MAPS = 16;

/**
 * @typedef {import('./walk.js').Walk} Walk
 * @typedef {import('./payload.js').OpenedCellData} OpenedCellData
 * @typedef {OpenedCellData & { explanation: NonNullable<OpenedCellData['explanation']> }} Explained
 *
 * @typedef {object} Linked the drawings of the tensors that the terms name, and the elements of the terms
 * @property {HTMLElement[]} items
 * @property {{ grid: TensorGrid, terms: Map<number, number[]> }[]} grids by cell: the terms that it is in
 */

/** The open number: its title, the slider that changes it, what follows, and the arithmetic that made it. */
export class OpenedNumber {
  /** @param {Walk} walk */
  constructor(walk) {
    this.walk = walk;
    this.parts = partsOf(walk);
    this.answered = false; // until then there is no title and no slider
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
    return this.answered && partsOf(this.walk).every((part, i) => part === this.parts[i]);
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
    const sentence = answer.sentence ? el('p', { class: 'words' }, answer.sentence) : '';
    this.body.replaceChildren(sentence, ...(number ? arithmetic(walk, number) : []));
  }
}

// What its elements are made of.
/** @param {Walk} walk */
const partsOf = ({ step, opening, place }) => [step.labels, opening, JSON.stringify(place)];

/** @param {Walk} walk @param {OpenedCellData} answer */
const titleOf = (walk, answer) => `${nameOf(walk, answer)}[${answer.index.join(', ')}]`;

// The numbers of a tensor in the arithmetic of a value are those of the what-if, of a gradient those of the step.
/** @param {Walk} walk @param {number} tensor */
const numbersOf = (walk, tensor) =>
  walk.cell?.kind === 'value' ? walk.numbers.of(tensor) : walk.numbers.original(tensor);

/** @param {Walk} walk @param {OpenedCellData} answer @returns {Node[]} */
function arithmetic(walk, answer) {
  const { parts, update, explanation, tensor } = answer;
  const items = parts.map(([name, value]) => el('li', {}, name, el('span', {}, exact(value))));
  return [
    ...(items.length ? [el('ul', { class: 'terms' }, ...items)] : []),
    ...(update ? [updateOf(walk.step.labels, update)] : []),
    ...(explanation
      ? explanationOf(walk, { ...answer, explanation })
      : tensor === null
        ? []
        : [target(walk, answer, tensor)]),
  ];
}

// What the opened number is called: a gradient is ∂L/∂ of its tensor.
/** @param {Walk} walk @param {OpenedCellData} answer */
const nameOf = (walk, answer) => `${walk.cell?.kind === 'grad' ? '∂L/∂ ' : ''}${answer.title}`;

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

/** @param {Walk} walk @param {Explained} answer @returns {Node[]} */
function explanationOf(walk, answer) {
  const { explanation, tensor } = answer;
  const { element, items } = termsOf(walk.labels, explanation);
  /** @type {Linked} */
  const linked = { items, grids: [] };
  const sources = [...cellsOf(walk, answer)].map(([name, terms]) => sourceOf(walk, answer, name, terms, linked));
  for (const [i, item] of items.entries()) {
    item.addEventListener('pointerenter', () => point(linked, i));
    item.addEventListener('pointerleave', () => point(linked, null));
  }
  const whole = tensor === null ? [] : [target(walk, answer, tensor)];
  return [
    formulaOf(explanation),
    totalOf(walk.labels, explanation),
    ...stepsOf(explanation),
    el('div', { class: 'maps' }, ...whole, ...sources),
    element,
  ];
}

/**
 * The cells of the tensors that the terms name, and which terms each is in.
 *
 * @param {Walk} walk @param {Explained} answer
 */
function cellsOf(walk, { explanation, sources }) {
  /** @type {Map<string, Map<number, number[]>>} */
  const cells = new Map();
  explanation.terms.forEach(([, , factors], term) => {
    for (const [, , name, index] of factors) {
      if (name === null || !(name in sources) || !index) continue;
      const flat = ravel(index, walk.step.tensors[sources[name]].shape);
      const terms = cells.get(name) ?? new Map();
      cells.set(name, terms.set(flat, [...(terms.get(flat) ?? []), term]));
    }
  });
  return cells;
}

/** Points at the cells of a term. @param {Linked} linked @param {number | null} term */
function point({ grids }, term) {
  for (const { grid, terms } of grids) {
    const source = term === null ? undefined : [...terms].find(([, all]) => all.includes(term));
    grid.point(source?.[0] ?? null);
  }
}

/**
 * One tensor that the terms name: only the maps with lit cells, linked to the terms in both directions.
 *
 * @param {Walk} walk @param {Explained} answer @param {string} name @param {Map<number, number[]>} terms
 * @param {Linked} linked
 */
function sourceOf(walk, answer, name, terms, linked) {
  const number = answer.sources[name];
  const { shape } = walk.step.tensors[number];
  const { size } = mapsOf(shape);
  const maps = [...new Set([...terms.keys()].map((flat) => Math.floor(flat / size)))].sort((a, b) => a - b);
  const only = maps.slice(0, MOST_MAPS);
  const grid = new TensorGrid({
    values: numbersOf(walk, number),
    shape,
    only,
    width: walk.stage.halfWidth(),
    height: 210,
    most: 22,
    shared: walk.options.shared,
  });
  grid.light([...terms.keys()]);
  linked.grids.push({ grid, terms });
  grid.canvas.addEventListener('pointermove', (event) => {
    const flat = grid.at(event);
    const mine = flat === null ? [] : (terms.get(flat) ?? []);
    grid.point(mine.length ? flat : null);
    for (const [i, item] of linked.items.entries()) item.classList.toggle('strong', mine.includes(i));
    const first = linked.items[mine[0]];
    const list = first?.parentElement;
    if (list) list.scrollTop = first.offsetTop - list.offsetTop - 60;
  });
  const more = maps.length > only.length ? ` · ${only.length} / ${maps.length}` : '';
  const sentence = fill(walk.step.labels.cells_from, { count: terms.size });
  const title = `${name === 'grad_output' ? 'g = ∂L/∂y' : name} ${shapeText(shape)} · ${sentence}${more}`;
  return el(
    'figure',
    { class: 'pane source', 'data-source': name, 'data-lit': terms.size },
    el('figcaption', {}, title),
    grid.canvas,
  );
}

/**
 * The opened cell in its own map, enlarged; a click or the arrow keys open its neighbours.
 *
 * @param {Walk} walk @param {OpenedCellData} answer @param {number} number of its tensor
 */
function target(walk, answer, number) {
  const { shape } = walk.step.tensors[number];
  const flat = ravel(answer.index, shape);
  const grid = new TensorGrid({
    values: numbersOf(walk, number),
    shape,
    only: [Math.floor(flat / mapsOf(shape).size)],
    width: walk.stage.halfWidth(),
    height: 240,
    most: 22,
    shared: walk.options.shared,
  });
  grid.point(flat);
  const open = (/** @type {number | null} */ next) => {
    if (walk.cell && next !== null && next !== flat) walk.open({ ...walk.cell, index: unravel(next, shape) }, true);
  };
  grid.canvas.tabIndex = 0;
  grid.canvas.setAttribute('role', 'img');
  grid.canvas.setAttribute('aria-label', answer.title);
  grid.canvas.addEventListener('click', (event) => open(grid.at(event)));
  grid.canvas.addEventListener('keydown', (event) => {
    if (!event.key.startsWith('Arrow')) return;
    event.preventDefault();
    event.stopPropagation();
    open(grid.layout.moved(flat, event.key));
  });
  return el(
    'figure',
    { class: 'pane target' },
    el('figcaption', {}, `${nameOf(walk, answer)} ${shapeText(shape)}`),
    grid.canvas,
  );
}
