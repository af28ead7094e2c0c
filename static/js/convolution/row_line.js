// @ts-check
// One row of a network on the screen: its layer, its options, what it gives, and where it is impossible, why.

import { el, fill } from '../lib/dom.js';

/**
 * @typedef {import('./payload.js').RowData} RowData
 * @typedef {import('./payload.js').OptionData} OptionData
 * @typedef {import('./payload.js').ResultData} ResultData
 *
 * @typedef {object} Rows the list that the row is in
 * @property {import('./payload.js').RowsData} data
 * @property {RowData[]} rows
 * @property {(n: number, kind: string) => void} put
 * @property {(n: number, by: number) => void} move
 * @property {(n: number) => void} remove
 * @property {(row: RowData, name: string, text: string) => void} typed
 * @property {() => void} changed
 */

export class RowLine {
  /** @param {Rows} rows @param {RowData} row @param {number} n */
  constructor(rows, row, n) {
    this.rows = rows;
    this.row = row;
    const { kinds, labels } = rows.data;
    this.select = el('select', { 'aria-label': `${labels.layer} ${n + 1}` });
    for (const [kind, { title }] of Object.entries(kinds)) {
      this.select.append(el('option', { value: kind, selected: kind === row.kind }, title));
    }
    this.select.addEventListener('change', () => rows.put(n, this.select.value));
    const options = kinds[row.kind].options.map((option) => this.field(option));
    const tools = el(
      'div',
      'tools',
      tool('↑', labels.up, n === 0, () => rows.move(n, -1)),
      tool('↓', labels.down, n === rows.rows.length - 1, () => rows.move(n, 1)),
      tool('✕', labels.remove, false, () => rows.remove(n)),
    );
    this.gives = el('div', 'gives');
    this.problem = el('div', { class: 'problem', role: 'alert' });
    this.element = el('div', 'row', el('span', 'n', String(n + 1)), this.select);
    this.element.append(el('div', 'options', ...options), this.gives, tools);
  }

  /** @param {OptionData} option */
  field(option) {
    const input = el('input', {
      placeholder: option.default ?? this.rows.data.labels.auto,
      inputmode: option.word ? 'text' : 'decimal',
      autocomplete: 'off',
    });
    input.value = this.row.options[option.name] ?? '';
    input.addEventListener('input', () => this.rows.typed(this.row, option.name, input.value.trim()));
    return el('label', '', el('span', 'name', option.name), input);
  }

  /** What the row gives, and at the first impossible one, why. @param {ResultData | undefined} result */
  show(result) {
    this.element.classList.toggle('bad', Boolean(result?.problem));
    this.element.classList.toggle('after', !result);
    this.gives.replaceChildren(
      result?.shape ?? '',
      ...(result?.details ?? []).map((each) => el('small', '', each)),
    );
    this.problem.remove();
    if (!result?.problem) return;
    const { labels } = this.rows.data;
    const message = result.message ? el('code', '', `${labels.torch} ${result.message}`) : '';
    this.problem.replaceChildren(result.problem, message, result.right ? this.mend(result.right) : '');
    this.element.append(this.problem);
  }

  /** A button that puts in the size that is right. @param {number} right */
  mend(right) {
    const mend = el('button', 'mend', fill(this.rows.data.labels.mend, { n: right }));
    mend.addEventListener('click', () => {
      this.row.options.in_features = String(right);
      this.rows.changed();
    });
    return mend;
  }
}

/** @param {string} text @param {string} title @param {boolean} disabled @param {() => void} action */
function tool(text, title, disabled, action) {
  const button = el('button', { title, disabled, 'aria-label': title }, text);
  button.addEventListener('click', action);
  return button;
}
