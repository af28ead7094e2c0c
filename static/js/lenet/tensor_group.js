// @ts-check
// One tensor of a step with its drawings side by side, value and gradient: a cell is pointed at in all of them.

import { el } from '../lib/dom.js';
import { shapeText, unravel } from '../lib/shapes.js';
import { Pane, titleOf } from './pane.js';

/**
 * @typedef {import('./walk.js').Walk} Walk
 * @typedef {import('./payload.js').StepData} StepData
 * @typedef {import('./payload.js').GroupData} GroupData
 * @typedef {import('./payload.js').PaneData} PaneData
 */

/** @type {Record<string, 'input_role' | 'output_role' | 'leaf_role' | 'parameter_role'>} */
const ROLES = { input: 'input_role', output: 'output_role', leaf: 'leaf_role', parameter: 'parameter_role' };

export class TensorGroup {
  /** @type {Pane[]} */
  panes = [];
  /** @type {number | null} the cell that is pointed at */
  flat = null;

  /** @param {Walk} walk @param {StepData} step @param {GroupData} group @param {HTMLElement} hover */
  constructor(walk, step, group, hover) {
    this.walk = walk;
    this.group = group;
    this.hover = hover;
    const isEarly = (step.phase === 'forward' || step.phase === 'loss') && !walk.options.peek;
    this.element = el(
      'section',
      { class: 'group', 'data-name': group.name, 'data-role': group.role },
      this.head(),
      el('div', 'panes', ...this.drawings(step), isEarly ? this.absence() : ''),
    );
  }

  head() {
    const { group, walk } = this;
    const role = walk.step.labels[ROLES[group.role]] ?? group.role;
    const isKnown = ['output', 'input'].includes(group.argument) || group.argument === group.name;
    const grad = group.grad_fn ? `grad_fn=${group.grad_fn}` : group.requires_grad ? 'requires_grad=True' : '';
    const facts = [role, isKnown ? '' : group.argument, grad];
    return el(
      'header',
      {},
      el('b', {}, group.name),
      el('span', { class: 'shape' }, shapeText(group.shape)),
      el('small', {}, facts.filter(Boolean).join(' · ')),
    );
  }

  /** Where a gradient will be. */
  absence() {
    const { group, walk } = this;
    const isOutput = group.requires_grad && group.role === 'output';
    return isOutput ? el('div', { class: 'absent' }, walk.step.labels.later) : '';
  }

  /** @param {StepData} step */
  drawings(step) {
    const { group, walk } = this;
    const early = ['forward', 'loss'].includes(step.phase);
    const visible = group.panes.filter(
      ({ kind, tensor }) => !(early && !walk.options.peek && kind !== 'value') || (tensor === null && !early),
    );
    const wide = walk.stage.width();
    const beside = Math.max(visible.length, group.panes.length > 1 && !early ? 2 : 1);
    const width = beside > 1 && wide > 400 ? wide / beside - 16 : wide;
    return visible.flatMap((each) => supposed(walk, each)).map((each) => this.drawing(each, width));
  }

  /** @param {PaneData} data @param {number} width */
  drawing(data, width) {
    const { walk, group } = this;
    const { kind, ask, tensor } = data;
    if (tensor === null) return el('div', { class: 'absent' }, titleOf(walk, kind));
    const pane = new Pane(walk, group, { kind, ask, tensor }, width);
    this.panes.push(pane);
    this.listen(pane);
    return pane.element;
  }

  /** Brings the drawings to the numbers of the step that is shown. */
  show() {
    for (const pane of this.panes) pane.show();
    if (this.flat !== null) this.tell(this.flat);
  }

  /** Points at a cell in every drawing, and says its numbers. @param {number | null} flat */
  tell(flat) {
    const { panes, group, hover } = this;
    this.flat = flat;
    for (const { grid } of panes) grid.point(flat);
    if (flat === null) return;
    const numbers = panes.map((pane) => pane.say(flat));
    hover.textContent = `${group.name}[${unravel(flat, panes[0].grid.shape).join(', ')}]: ${numbers.join(' · ')}`;
  }

  /** @param {Pane} pane */
  listen({ grid, data }) {
    const { canvas } = grid;
    let cursor = 0;
    const open = (/** @type {number | null} */ flat) =>
      flat !== null && data.ask && this.walk.open({ ...data.ask, index: unravel(flat, grid.shape) });
    canvas.addEventListener('pointermove', (event) => this.tell(grid.at(event)));
    canvas.addEventListener('pointerleave', () => this.tell(null));
    canvas.addEventListener('click', (event) => open(grid.at(event)));
    canvas.addEventListener('focus', () => canvas.matches(':focus-visible') && this.tell(cursor));
    canvas.addEventListener('blur', () => this.tell(null));
    canvas.addEventListener('keydown', (event) => {
      if (event.key.startsWith('Arrow')) {
        cursor = grid.layout.moved(cursor, event.key);
        this.tell(cursor);
      } else if (event.key === 'Enter') open(cursor);
      else return;
      event.preventDefault();
      event.stopPropagation();
    });
  }
}

// In a what-if a tensor that follows from it is drawn with what it was, and the difference.
/** @param {Walk} walk @param {PaneData} pane @returns {PaneData[]} */
const supposed = (walk, pane) =>
  pane.kind === 'value' && pane.tensor !== null && walk.numbers.isSupposed(pane.tensor)
    ? ['what_if', 'before', 'difference'].map((kind) => ({ ...pane, kind }))
    : [pane];
