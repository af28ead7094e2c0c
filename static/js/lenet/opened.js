// @ts-check
// The nearest zoom: one number, its formula, the terms that made it, and the cells they came from, lit.

import { el, fill } from '../lib/dom.js';
import { formulaOf, stepsOf, termsOf, totalOf } from '../lib/explanation.js';
import { formula } from '../lib/formula.js';
import { exact, short } from '../lib/numbers.js';
import { ravel, shapeText, unravel } from '../lib/shapes.js';
import { TensorGrid } from './tensor_grid.js';
import { consequences, NumberControl } from './what_if.js';

const MOST_MAPS = 16;

/** The open number: its title, the slider that changes it, what follows, and the arithmetic that made it. */
export class OpenedNumber {
  /** @param {import('./walk.js').Walk} walk */
  constructor(walk) {
    this.walk = walk;
    this.cell = walk.opening;
    this.answered = false; // until then there is no title and no slider
    this.head = el('h2', { tabindex: '-1' });
    this.follows = el('div', { class: 'consequences' });
    this.body = el('div', { class: 'arithmetic' });
    const { answer, place, header } = walk;
    this.control =
      answer?.title && place ? new NumberControl(walk, place, answer.tensor, titleOf(walk, answer)) : null;
    this.root = el('div', { class: 'opened' }, this.head, this.control?.root, this.follows, this.body);
    if (answer) this.show(answer);
    else this.body.append(header.labels.waiting);
  }

  /** @param {string} cell */
  isOf(cell) {
    return this.cell === cell && this.answered;
  }

  /** Brings everything but the slider in the hand to an answer. */
  show(answer) {
    const { walk } = this;
    this.answered = Boolean(answer.title);
    this.head.hidden = !answer.title;
    if (answer.title) this.head.textContent = `${titleOf(walk, answer)} = ${exact(answer.value)}`;
    const { place, whatIf } = walk;
    if (place) this.control?.show(walk.numberAt(place.value, place.place));
    const isPast = whatIf && walk.cell.kind !== 'value';
    this.follows.replaceChildren(
      isPast ? el('p', { class: 'words' }, walk.header.labels.forward_only) : '',
      whatIf && !isPast ? consequences(walk, whatIf) : '',
    );
    this.body.replaceChildren(...arithmetic(walk, answer));
  }
}

/** @param {import('./walk.js').Walk} walk */
const titleOf = (walk, answer) => `${nameOf(walk, answer)}[${answer.index.join(', ')}]`;

// The numbers of a tensor in the arithmetic of a value are those of the what-if, of a gradient those of the step.
/** @param {import('./walk.js').Walk} walk @param {number} tensor */
const numbersOf = (walk, tensor) => (walk.cell.kind === 'value' ? walk.numbers(tensor) : walk.original(tensor));

/** @param {import('./walk.js').Walk} walk */
function arithmetic(walk, answer) {
  const { labels } = walk.header;
  const parts = [];
  if (answer.sentence) parts.push(el('p', { class: 'words' }, answer.sentence));
  if (answer.parts?.length)
    parts.push(
      el(
        'ul',
        { class: 'terms' },
        ...answer.parts.map(([name, value]) => el('li', {}, name, el('span', {}, exact(value)))),
      ),
    );
  if (answer.update) parts.push(updateOf(labels, answer.update));
  if (answer.explanation) parts.push(...explanationOf(walk, answer));
  else if (answer.tensor !== null && answer.tensor !== undefined) parts.push(target(walk, answer));
  return parts;
}

// What the opened number is called: a gradient is ∂L/∂ of its tensor.
/** @param {import('./walk.js').Walk} walk */
const nameOf = (walk, answer) => `${walk.cell.kind === 'grad' ? '∂L/∂ ' : ''}${answer.title}`;

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
  const said = update.exact
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
    el('div', { class: `badge ${update.exact ? 'fine' : 'far'}` }, said),
  );
}

/** @param {import('./walk.js').Walk} walk */
function explanationOf(walk, answer) {
  const { labels } = walk.header;
  const { explanation } = answer;
  const pictures = sources(walk, answer);
  const known = /** @type {Record<string, string>} */ (/** @type {unknown} */ (labels));
  const { element, items } = termsOf(known, explanation);
  pictures.items = items;
  for (const [i, item] of items.entries()) {
    item.addEventListener('pointerenter', () => pictures.point(i));
    item.addEventListener('pointerleave', () => pictures.point(null));
  }
  return [
    formulaOf(explanation),
    totalOf(known, explanation),
    ...stepsOf(explanation),
    el('div', { class: 'maps' }, target(walk, answer), ...pictures.elements),
    element,
  ];
}

// The tensors that the terms name, only the maps with lit cells, linked to the terms in both directions.
/** @param {import('./walk.js').Walk} walk */
function sources(walk, answer) {
  const { explanation } = answer;
  const cells = new Map();
  explanation.terms.forEach(([, , factors], term) => {
    for (const [, , name, index] of factors) {
      const number = name === null ? undefined : answer.sources[name];
      if (number === undefined || !index) continue;
      const flat = ravel(index, walk.header.tensors[number].shape);
      if (!cells.has(name)) cells.set(name, new Map());
      cells.get(name).set(flat, [...(cells.get(name).get(flat) ?? []), term]);
    }
  });
  const linked = { elements: [], grids: [], items: [] };
  linked.point = (term) => {
    for (const { grid, of } of linked.grids)
      grid.point(term === null ? null : ([...of].find(([, terms]) => terms.includes(term))?.[0] ?? null));
  };
  for (const [name, of] of cells) linked.elements.push(sourceOf(walk, answer.sources[name], name, of, linked));
  return linked;
}

/** @param {import('./walk.js').Walk} walk */
function sourceOf(walk, number, name, of, linked) {
  const tensor = walk.header.tensors[number];
  const plain = new TensorGrid({ values: numbersOf(walk, number), shape: tensor.shape, width: 10, height: 10 });
  const maps = [...new Set([...of.keys()].map((flat) => Math.floor(flat / plain.maps.size)))].sort((a, b) => a - b);
  const only = maps.slice(0, MOST_MAPS);
  const grid = new TensorGrid({
    values: numbersOf(walk, number),
    shape: tensor.shape,
    only,
    width: walk.sourceWidth(),
    height: 210,
    most: 22,
    shared: walk.options.shared,
  });
  grid.light([...of.keys()]);
  linked.grids.push({ grid, of });
  grid.canvas.addEventListener('pointermove', (event) => {
    const flat = grid.at(event);
    const terms = flat === null ? [] : (of.get(flat) ?? []);
    grid.point(terms.length ? flat : null);
    for (const [i, item] of linked.items.entries()) item.classList.toggle('strong', terms.includes(i));
    if (terms.length)
      linked.items[terms[0]].parentElement.scrollTop =
        linked.items[terms[0]].offsetTop - linked.items[terms[0]].parentElement.offsetTop - 60;
  });
  const more = maps.length > only.length ? ` · ${only.length} / ${maps.length}` : '';
  return el(
    'figure',
    { class: 'pane source', 'data-source': name, 'data-lit': of.size },
    el(
      'figcaption',
      {},
      `${name === 'grad_output' ? 'g = ∂L/∂y' : name} ${shapeText(tensor.shape)} · ${fill(walk.header.labels.cells_from, { count: of.size })}${more}`,
    ),
    grid.canvas,
  );
}

// The opened cell in its own map, enlarged; a click or the arrow keys open its neighbours.
/** @param {import('./walk.js').Walk} walk */
function target(walk, answer) {
  const tensor = walk.header.tensors[answer.tensor];
  const flat = ravel(answer.index, tensor.shape);
  const plain = new TensorGrid({
    values: numbersOf(walk, answer.tensor),
    shape: tensor.shape,
    width: 10,
    height: 10,
  });
  const grid = new TensorGrid({
    values: numbersOf(walk, answer.tensor),
    shape: tensor.shape,
    only: [Math.floor(flat / plain.maps.size)],
    width: walk.sourceWidth(),
    height: 240,
    most: 22,
    shared: walk.options.shared,
  });
  grid.point(flat);
  const open = (next) =>
    next !== null && next !== flat && walk.open({ ...walk.cell, index: unravel(next, tensor.shape) }, true);
  grid.canvas.tabIndex = 0;
  grid.canvas.setAttribute('role', 'img');
  grid.canvas.setAttribute('aria-label', answer.title);
  grid.canvas.addEventListener('click', (event) => open(grid.at(event)));
  grid.canvas.addEventListener('keydown', (event) => {
    if (!event.key.startsWith('Arrow')) return;
    event.preventDefault();
    event.stopPropagation();
    open(grid.moved(flat, event.key));
  });
  return el(
    'figure',
    { class: 'pane target' },
    el('figcaption', {}, `${nameOf(walk, answer)} ${shapeText(tensor.shape)}`),
    grid.canvas,
  );
}
