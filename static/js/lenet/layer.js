// @ts-check
// The middle zoom: the tensors of this step, value and gradient side by side in the same layout.

import { el, fill } from '../lib/dom.js';
import { shapeText } from '../lib/shapes.js';
import { TensorGroup } from './tensor_group.js';

/**
 * @typedef {import('./walk.js').Walk} Walk
 * @typedef {import('./payload.js').StepData} StepData
 */

export class Layer {
  element = el('div', { class: 'tensors' });
  /** @type {TensorGroup[]} */
  groups = [];

  /** @param {Walk} walk */
  constructor(walk) {
    const { at, options } = walk;
    const { steps, labels, groups } = walk.step;
    const step = steps[at];
    const hidden = options.ask && step.phase === 'forward' && !walk.guessed.has(at);
    const hover = el('div', { class: 'hover', 'aria-live': 'polite' }, labels.click);
    this.element.append(flowLine(walk, step, hidden), hidden ? guess(walk, step) : '', hover);
    const isForward = step.phase === 'forward' || step.phase === 'loss';
    for (const group of isForward ? [...groups[at]].reverse() : groups[at]) {
      if (hidden && group.role === 'output') continue;
      const tensorGroup = new TensorGroup(walk, step, group, hover);
      this.groups.push(tensorGroup);
      this.element.append(tensorGroup.element);
    }
  }

  /** Brings its drawings to the numbers of the step that is shown. */
  show() {
    for (const group of this.groups) group.show();
  }
}

/**
 * What decides the elements of this zoom, but for the numbers in them.
 *
 * @param {Walk} walk
 * @returns {unknown[]}
 */
export function structureOf({ at, step, options, stage, guessed, numbers }) {
  const { name, phase, in: inputs, out } = step.steps[at];
  const tensors = step.groups[at].flatMap(({ panes }) =>
    panes.flatMap(({ tensor }) => {
      if (tensor === null) return [];
      const { shape, length, form, cut } = step.tensors[tensor];
      return [[tensor, shape, length, form, cut, numbers.isSupposed(tensor)]];
    }),
  );
  const facts = [name, phase, inputs, out, options, guessed.has(at), tensors, step.groups[at]];
  return [step.labels, at, stage.width(), JSON.stringify(facts)];
}

/** @param {Walk} walk @param {StepData} step @param {boolean} hidden whether the reader guesses first */
function flowLine(walk, step, hidden) {
  const { labels } = walk.step;
  const shapes = (/** @type {number[][]} */ list) =>
    list.map((shape) => el('span', { class: 'shape' }, shapeText(shape)));
  if (!step.in.length && !step.out.length) return '';
  return el(
    'div',
    { class: 'flowline' },
    el('span', {}, labels.reads),
    ...shapes(step.in),
    el('span', {}, '→'),
    el('b', {}, step.name),
    el('span', {}, `→ ${labels.gives}`),
    ...(hidden ? [el('span', { class: 'shape' }, '?')] : shapes(step.out)),
  );
}

/** @param {Walk} walk @param {StepData} step */
function guess(walk, step) {
  const { labels } = walk.step;
  const right = step.out[0] ?? [];
  const input = el('input', {
    type: 'text',
    inputmode: 'text',
    'aria-label': labels.question,
    class: 'shape-guess',
  });
  const status = el('span', { role: 'status' });
  const stepOfQuestion = walk.at;
  const reveal = () => {
    walk.guessed.add(stepOfQuestion);
    if (walk.at === stepOfQuestion) walk.draw(); // the reader may have walked on meanwhile
  };
  const check = () => {
    const same = input.value.match(/\d+/g)?.map(Number).join() === right.join();
    status.textContent = fill(same ? labels.right : labels.wrong, { shape: shapeText(right) });
    setTimeout(reveal, 1200);
  };
  input.addEventListener('keydown', (event) => {
    event.stopPropagation();
    if (event.key === 'Enter') check();
  });
  return el(
    'div',
    { class: 'guess' },
    el('b', {}, labels.question),
    input,
    el('button', { onclick: check }, labels.check),
    el('button', { onclick: reveal }, labels.reveal),
    status,
  );
}
