// @ts-check
// The timeline: forwards and backwards by line, operation or iteration, with what there was at each moment.

import { el, fill } from '../lib/dom.js';
import { short } from '../lib/numbers.js';
import { clampIndex } from '../lib/shapes.js';
import { onTheme } from '../lib/theme.js';
import { marksOf } from './highlight.js';
import { OpenedCell } from './opened_cell.js';
import { printList, sizes } from './result.js';
import { tensorBox } from './tensor.js';
import {
  countOf,
  inIteration,
  iterations,
  moments,
  neighbour,
  printedBy,
  stepOf,
  turns,
  variablesAt,
} from './timeline_model.js';

/** @typedef {import('./payload.d.ts').RecordData} RecordData */
/** @typedef {import('./payload.d.ts').ViewerWords} ViewerWords */
/** @typedef {import('./timeline_model.js').Moment} Moment */
/** @typedef {import('./timeline_model.js').Pace} Pace */

const PACES = /** @type {const} */ (['line', 'operation', 'iteration']);

export class Timeline {
  /**
   * @param {RecordData} record
   * @param {ViewerWords} words
   * @param {(line: number, marks: Map<number, import('./highlight.js').Mark[]>) => void} light lights the program
   * @param {((question: import('./opened_cell.js').Question) => void) | null} ask asks for the arithmetic of a cell
   */
  constructor(record, words, light, ask = null) {
    this.record = record;
    this.words = words;
    this.light = light;
    this.opening = new OpenedCell(record, words, ask);
    this.all = moments(record);
    this.iterations = iterations(this.all);
    this.at = 0;
    /** @type {Pace} */
    this.pace = 'operation';
    this.back = el('button', { class: 'back', onclick: () => this.move(-1) }, '◀');
    this.on = el('button', { class: 'on', onclick: () => this.move(1) }, '▶');
    this.paces = el(
      'select',
      { 'aria-label': words.pace, onchange: () => this.choose() },
      ...PACES.filter((pace) => pace !== 'iteration' || this.iterations.length > 1).map((pace) =>
        el('option', { value: pace, selected: pace === this.pace }, this.paceWord(pace)),
      ),
    );
    this.slider = el('input', {
      type: 'range',
      class: 'moments',
      min: '0',
      max: String(Math.max(0, this.all.length - 1)),
      'aria-label': words.timeline,
      oninput: () => this.go(Number(this.slider.value)),
      onkeydown: (/** @type {KeyboardEvent} */ event) => this.key(event),
    });
    this.strip = el('canvas', { class: 'strip', height: '10', 'aria-hidden': 'true' });
    this.loop = el('input', { type: 'range', min: '0', oninput: () => this.turn(Number(this.loop.value)) });
    this.loopText = el('output', { 'aria-live': 'off' });
    this.loopBox = el('label', 'loop', this.loopText, this.loop);
    this.where = el('div', { class: 'where', role: 'status' });
    this.panel = el('div', 'panel');
    this.element = el(
      'div',
      'timeline',
      el(
        'div',
        'steps-bar',
        el('div', 'steps-row', this.back, this.on, this.paces, this.where),
        this.strip,
        this.slider,
        this.loopBox,
      ),
      this.panel,
    );
    this.observer = new ResizeObserver(() => this.paintStrip());
    this.observer.observe(this.strip);
    onTheme(this.strip, () => this.paintStrip());
    this.label();
  }

  /** @param {Pace} pace */
  paceWord(pace) {
    const { by_line: line, by_operation: operation, by_iteration: iteration } = this.words;
    return { line, operation, iteration }[pace];
  }

  label() {
    this.back.setAttribute('aria-label', this.words.back);
    this.on.setAttribute('aria-label', this.words.forward);
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const direction = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 }[event.key];
    if (!direction || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    this.move(/** @type {1 | -1} */ (direction));
  }

  choose() {
    this.pace = /** @type {Pace} */ (this.paces.value);
  }

  /** @param {1 | -1} direction */
  move(direction) {
    this.go(neighbour(this.all, this.at, direction, this.pace));
  }

  /** @param {number} at */
  go(at) {
    this.at = clampIndex(at, this.all.length);
    this.show();
  }

  /** The moment at line event `step`, or the last one before it that is kept. @param {number} step */
  goToStep(step) {
    let matches = 0;
    for (const [i, moment] of this.all.entries()) if (moment.step <= step) matches = i;
    this.go(matches);
  }

  /** @param {number} value of the slider of the loop */
  turn(value) {
    if (this.iterations.length > 1) this.go(inIteration(this.all, this.at, this.iterations[value]));
    else this.go(turns(this.all, this.at)[value] ?? this.at);
  }

  show() {
    const moment = this.all[this.at];
    this.opening.close();
    if (!moment) {
      this.panel.replaceChildren(el('p', 'note', this.words.nothing));
      return;
    }
    this.slider.value = String(this.at);
    this.back.disabled = this.at === 0;
    this.on.disabled = this.at === this.all.length - 1;
    const { line, expression } = moment;
    const text = fill(this.words.moment, { number: this.at + 1, count: this.all.length, line });
    this.where.textContent = text;
    this.slider.setAttribute('aria-valuetext', `${text} ${titleOf(moment)}`);
    this.showLoop(moment);
    this.light(line, marksOf(this.record.text, line, expression, 'now'));
    this.panel.replaceChildren(...this.content(moment));
    this.paintStrip();
  }

  /** @param {Moment} moment */
  showLoop(moment) {
    this.setLoop(moment);
    this.loop.setAttribute('aria-label', this.loopText.textContent ?? '');
  }

  /** @param {Moment} moment */
  setLoop(moment) {
    const { words, record } = this;
    if (this.iterations.length > 1) {
      this.loop.max = String(this.iterations.length - 1);
      this.loop.value = String(this.iterations.indexOf(moment.iteration));
      this.loopText.textContent = fill(words.iteration, {
        number: Math.min(moment.iteration + 1, record.iterations),
        count: record.iterations,
      });
    } else {
      const places = turns(this.all, this.at);
      this.loopBox.hidden = places.length < 2;
      this.loop.max = String(places.length - 1);
      this.loop.value = String(places.indexOf(this.at));
      const { count, more } = countOf(record, moment.line);
      this.loopText.textContent = fill(more ? words.turn_more : words.turn, {
        number: places.indexOf(this.at) + 1,
        kept: places.length,
        count: count || places.length,
      });
    }
  }

  /** @param {Moment} moment */
  content(moment) {
    const { record, words } = this;
    const prints = printedBy(record, moment).slice(-6);
    return [
      moment.gap > 0 ? el('p', 'gap', fill(words.gap, { count: moment.gap })) : '',
      this.what(moment),
      this.variables(moment),
      prints.length ? el('section', {}, el('h3', {}, words.prints), printList(prints, words)) : '',
    ];
  }

  /** What happens at the moment. @param {Moment} moment */
  what(moment) {
    const { words, record } = this;
    const { operation, node } = moment;
    if (node) {
      return el(
        'section',
        'what back',
        el('h3', {}, titleOf(moment)),
        el('p', {}, node.leaf ? fill(words.leaf, { name: node.leaf }) : words.arrives),
        this.tensors(node.gradients),
        node.gradients.some((one) => this.opening.of(one)) ? el('p', 'note', words.opens) : null,
      );
    }
    if (operation) {
      const { inputs, outputs, updates, nodes } = operation;
      return el(
        'section',
        'what',
        el('h3', {}, titleOf(moment)),
        operation.expression ? el('pre', 'expression', operation.expression) : null,
        inputs.length ? el('h4', {}, words.inputs) : null,
        this.tensors(inputs),
        outputs.length ? el('h4', {}, words.outputs) : null,
        this.tensors(outputs),
        this.opensNote(operation),
        nodes.length ? el('p', {}, fill(words.nodes, { count: nodes.length })) : null,
        updates.length ? this.updates(updates) : null,
      );
    }
    const step = stepOf(record, moment);
    const source = record.text.split('\n')[moment.line - 1] ?? '';
    const sentence = { line: words.before_line, return: words.after_return, exception: words.at_exception }[
      step.event
    ];
    return el(
      'section',
      'what',
      el('h3', {}, fill(words.line, { line: moment.line })),
      el('pre', 'expression', source.trim()),
      el(
        'p',
        'note',
        sentence ?? '',
        step.function === '<module>' ? '' : ` ${fill(words.inside, { name: step.function })}`,
      ),
    );
  }

  /** Says whether cells open. @param {import('./payload.d.ts').OperationData} operation */
  opensNote({ opens }) {
    if (!opens || !this.opening.ask) return null;
    return el('p', 'note', opens === 'cut' ? this.words.cut : this.words.opens);
  }

  /** @param {import('./payload.d.ts').TensorData[]} all */
  tensors(all) {
    const { grids } = this.record;
    return all.length
      ? el('div', 'tensors', ...all.map((one) => tensorBox(one, grids, this.words, one.name, this.opening.of(one))))
      : null;
  }

  /** @param {import('./payload.d.ts').UpdateData[]} updates */
  updates(updates) {
    const { words } = this;
    const heads = [words.parameter, words.shape, words.norm_before, words.norm_gradient, words.norm_after];
    const text = (/** @type {number | null} */ value) => (value === null ? 'nan' : short(value));
    return el(
      'div',
      'scroll',
      el(
        'table',
        'operands',
        el('thead', {}, el('tr', {}, ...heads.map((head) => el('th', {}, head)))),
        el(
          'tbody',
          {},
          ...updates.map((one) => {
            const norms = [one.norm_before, one.norm_gradient, one.norm_after].map(text);
            return el('tr', {}, ...[one.name, sizes(one.shape), ...norms].map((cell) => el('td', {}, cell)));
          }),
        ),
      ),
    );
  }

  /** @param {Moment} moment */
  variables(moment) {
    const { words, record } = this;
    const rows = variablesAt(record.steps, moment.at);
    if (!rows.length) return '';
    return el(
      'section',
      'variables',
      el('h3', {}, words.variables),
      ...rows.map(({ variable, changed }) => {
        const { name, tensor } = variable;
        const text = tensor ? `${sizes(tensor.shape)} ${tensor.dtype}` : variable.text;
        const mark = changed ? el('b', { class: 'changed' }, ` ${words.changed}`) : null;
        const line = el(tensor ? 'summary' : 'div', {}, el('code', {}, name), ' = ', el('code', {}, text), mark);
        return tensor
          ? el('details', 'variable', line, tensorBox(tensor, record.grids, words, '', this.opening.of(tensor)))
          : el('div', 'variable', line);
      }),
    );
  }

  /** One stripe a moment: lines, operations, the backward pass; gaps are what was left out. */
  paintStrip() {
    const { strip, all } = this;
    const width = Math.round(strip.clientWidth * devicePixelRatio);
    const pen = strip.getContext('2d');
    if (!width || !pen || !all.length) return;
    strip.width = width;
    const style = getComputedStyle(strip);
    const colours = { line: style.color, operation: '#1f6feb', node: '#d9730d' };
    const each = width / all.length;
    for (const [i, { kind, gap }] of all.entries()) {
      pen.fillStyle = colours[kind];
      pen.fillRect(i * each, kind === 'line' ? 4 : 0, Math.max(each, 0.5), kind === 'line' ? 6 : 10);
      if (gap) {
        pen.fillStyle = style.outlineColor;
        pen.fillRect(i * each - 1, 0, 2, 10);
      }
    }
  }

  end() {
    this.observer.disconnect();
  }
}

/** @param {Moment} moment */
function titleOf({ kind, node, operation }) {
  if (kind === 'node' && node) return node.name;
  return operation ? operation.name : '';
}
