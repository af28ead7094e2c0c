// @ts-check
// What there was at one moment of a program: what happened, the variables, and what had been printed.

import { el, fill } from '../lib/dom.js';
import { short } from '../lib/numbers.js';
import { printList, sizes } from './result.js';
import { tensorBox } from './tensor.js';
import { printedBy, stepOf, variablesAt } from './timeline_model.js';

/** @typedef {import('./payload.d.ts').RecordData} RecordData */
/** @typedef {import('./payload.d.ts').ViewerWords} ViewerWords */
/** @typedef {import('./payload.d.ts').NodeData} NodeData */
/** @typedef {import('./payload.d.ts').OperationData} OperationData */
/** @typedef {import('./payload.d.ts').TensorData} TensorData */
/** @typedef {import('./timeline_model.js').Moment} Moment */

const LAST_PRINTS = 6;

export class MomentView {
  element = el('div', 'panel');

  /**
   * @param {RecordData} record
   * @param {ViewerWords} words
   * @param {import('./opened_cell.js').OpenedCell} opening opens cells of tensors
   */
  constructor(record, words, opening) {
    this.record = record;
    this.words = words;
    this.opening = opening;
  }

  /** @param {Moment | undefined} moment none where nothing was recorded */
  show(moment) {
    const { record, words } = this;
    if (!moment) {
      this.element.replaceChildren(el('p', 'note', words.nothing));
      return;
    }
    const prints = printedBy(record, moment).slice(-LAST_PRINTS);
    this.element.replaceChildren(
      moment.gap > 0 ? el('p', 'gap', fill(words.gap, { count: moment.gap })) : '',
      this.event(moment),
      this.variables(moment),
      prints.length ? el('section', {}, el('h3', {}, words.prints), printList(prints, words)) : '',
    );
  }

  /** What happens at the moment. @param {Moment} moment */
  event(moment) {
    if (moment.node) return this.node(moment.node, titleOf(moment));
    return moment.operation ? this.operation(moment.operation) : this.line(moment);
  }

  /** @param {NodeData} node @param {string} title */
  node({ leaf, gradients }, title) {
    const { words, opening } = this;
    return el(
      'section',
      'what back',
      el('h3', {}, title),
      el('p', {}, leaf ? fill(words.leaf, { name: leaf }) : words.arrives),
      this.tensors(gradients),
      gradients.some((one) => opening.of(one)) ? el('p', 'note', words.opens) : null,
    );
  }

  /** @param {OperationData} operation */
  operation(operation) {
    const { words } = this;
    const { name, expression, inputs, outputs, updates, nodes } = operation;
    return el(
      'section',
      'what',
      el('h3', {}, name),
      expression ? el('pre', 'expression', expression) : null,
      inputs.length ? el('h4', {}, words.inputs) : null,
      this.tensors(inputs),
      outputs.length ? el('h4', {}, words.outputs) : null,
      this.tensors(outputs),
      this.opensNote(operation),
      nodes.length ? el('p', {}, fill(words.nodes, { count: nodes.length })) : null,
      updates.length ? this.updates(updates) : null,
    );
  }

  /** @param {Moment} moment */
  line(moment) {
    const { words, record } = this;
    const { event, function: name } = stepOf(record, moment);
    const source = record.text.split('\n')[moment.line - 1] ?? '';
    const sentence = { line: words.before_line, return: words.after_return, exception: words.at_exception }[event];
    const place = name === '<module>' ? '' : ` ${fill(words.inside, { name })}`;
    return el(
      'section',
      'what',
      el('h3', {}, fill(words.line, { line: moment.line })),
      el('pre', 'expression', source.trim()),
      el('p', 'note', sentence ?? '', place),
    );
  }

  /** Whether cells open. @param {OperationData} operation */
  opensNote({ opens }) {
    if (!opens || !this.opening.ask) return null;
    return el('p', 'note', opens === 'cut' ? this.words.cut : this.words.opens);
  }

  /** @param {TensorData[]} all */
  tensors(all) {
    return all.length ? el('div', 'tensors', ...all.map((one) => this.tensor(one, one.name))) : null;
  }

  /** @param {TensorData} tensor @param {string} name */
  tensor(tensor, name) {
    return tensorBox(tensor, this.record.grids, this.words, name, this.opening.of(tensor));
  }

  /** @param {import('./payload.d.ts').UpdateData[]} updates */
  updates(updates) {
    const { words } = this;
    const heads = [words.parameter, words.shape, words.norm_before, words.norm_gradient, words.norm_after];
    const text = (/** @type {number | null} */ value) => (value === null ? 'nan' : short(value));
    const rows = updates.map((one) => {
      const norms = [one.norm_before, one.norm_gradient, one.norm_after].map(text);
      return el('tr', {}, ...[one.name, sizes(one.shape), ...norms].map((cell) => el('td', {}, cell)));
    });
    const head = el('thead', {}, el('tr', {}, ...heads.map((each) => el('th', {}, each))));
    return el('div', 'scroll', el('table', 'operands', head, el('tbody', {}, ...rows)));
  }

  /** @param {Moment} moment */
  variables(moment) {
    const { words, record } = this;
    const rows = variablesAt(record.steps, moment.at);
    if (!rows.length) return '';
    const variables = rows.map(({ variable, changed }) => this.variable(variable, changed));
    return el('section', 'variables', el('h3', {}, words.variables), ...variables);
  }

  /** @param {import('./payload.d.ts').VariableData} variable @param {boolean} changed */
  variable({ name, tensor, text }, changed) {
    const value = tensor ? `${sizes(tensor.shape)} ${tensor.dtype}` : text;
    const mark = changed ? el('b', 'changed', ` ${this.words.changed}`) : null;
    const line = el(tensor ? 'summary' : 'div', {}, el('code', {}, name), ' = ', el('code', {}, value), mark);
    return tensor ? el('details', 'variable', line, this.tensor(tensor, '')) : el('div', 'variable', line);
  }
}

/** @param {Moment} moment */
export function titleOf({ kind, node, operation }) {
  if (kind === 'node' && node) return node.name;
  return operation ? operation.name : '';
}
