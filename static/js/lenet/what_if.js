// @ts-check
// The what-if of a walk: the bar that says what is changed, the slider of the open number, and what follows from it.

import { el, fill } from '../lib/dom.js';
import { exact, short } from '../lib/numbers.js';
import { likeliest, parseNumber, span, withSign } from './changes.js';

/**
 * @typedef {import('./payload.js').WhatIfData} WhatIfData
 * @typedef {number | string} Numeral a number; one that is not finite is text
 */

const percent = (/** @type {Numeral} */ share) =>
  typeof share === 'string' ? share : `${(100 * share).toFixed(1)}%`;

/** The sign over everything that the numbers are those of a what-if, with undo and reset. */
export class WhatIfBar {
  /** @param {import('./walk.js').Walk} walk */
  constructor(walk) {
    this.walk = walk;
    this.announcement = el('div', { class: 'supposed', role: 'status' });
    this.undo = el('button', { type: 'button', class: 'undo', onclick: () => walk.changes.undo() });
    this.reset = el('button', { type: 'button', class: 'reset', onclick: () => walk.changes.reset() });
    this.root = el('div', { class: 'what-if-bar', hidden: true }, this.announcement, this.undo, this.reset);
  }

  /** @param {WhatIfData | null} whatIf @param {string} refusal */
  show(whatIf, refusal) {
    const { labels } = this.walk.step;
    this.root.hidden = !whatIf && !refusal;
    if (this.root.hidden) return;
    this.undo.textContent = `↶ ${labels.undo}`;
    this.reset.textContent = labels.reset;
    if (refusal) this.announcement.replaceChildren(el('b', {}, labels.what_if_title), ` ${refusal}`);
    if (refusal || !whatIf) return;
    const last = whatIf.changes[whatIf.changes.length - 1];
    const others = whatIf.changes.length - 1;
    this.announcement.replaceChildren(
      el('b', {}, labels.what_if_title),
      el('span', {}, el('code', {}, last.name), ` ${short(last.before)} → ${short(last.after)}`),
      others ? el('span', 'others', fill(labels.more, { count: others })) : '',
      whatIf.loss.length ? el('span', {}, `${labels.of_loss} `, ...pair(whatIf.loss, short)) : '',
      ...shares(labels, whatIf.probabilities),
    );
  }
}

/** @param {(number | string)[]} values before and after @param {(x: number | string) => string} write */
const pair = ([before, after], write) => {
  const apart = typeof before === 'number' && typeof after === 'number' ? ` (${withSign(after - before)})` : '';
  return [`${write(before)} → `, el('b', {}, write(after)), apart];
};

/**
 * The class that was likeliest and the one that is.
 *
 * @param {import('./walk.js').StepWords} labels
 * @param {Numeral[][]} rows
 */
function shares(labels, rows) {
  if (rows.length < 2) return [];
  return likeliest(rows).map((k) =>
    el('span', 'share', `${labels.of_class} ${k}: ${percent(rows[0][k])} → `, el('b', {}, percent(rows[1][k]))),
  );
}

/** The slider and the field of one number that can be changed; made once for as long as the number is open. */
export class NumberControl {
  /**
   * @param {import('./walk.js').Walk} walk
   * @param {import('./payload.js').PlaceData} place
   * @param {number} tensor
   * @param {string} name
   */
  constructor(walk, place, tensor, name) {
    const { labels, tensors } = walk.step;
    const { least, most, step } = span(tensors[tensor].min, tensors[tensor].max);
    const label = fill(labels.set_value, { name });
    this.before = Number(place.before);
    this.slider = el('input', { type: 'range', min: least, max: most, step, 'aria-label': label, class: 'set' });
    this.field = el('input', {
      type: 'text',
      inputmode: 'decimal',
      autocomplete: 'off',
      'aria-label': label,
      class: 'set',
    });
    const back = el(
      'button',
      { type: 'button', onclick: () => set(null) },
      fill(labels.was, { before: short(place.before) }),
    );
    const set = (/** @type {number | null} */ number) => walk.changes.set(place.value, place.place, number);
    this.slider.addEventListener('pointerdown', () => walk.changes.hold(true));
    this.slider.addEventListener('input', () => {
      this.field.value = this.slider.value;
      set(Number(this.slider.value));
    });
    this.field.addEventListener('input', () => {
      const number = parseNumber(this.field.value);
      this.field.setAttribute('aria-invalid', String(number === undefined));
      if (number === undefined) return;
      this.slider.value = String(number);
      set(number);
    });
    for (const input of [this.slider, this.field])
      input.addEventListener('keydown', (event) => event.key === 'Escape' && walk.leave(event));
    this.root = el('section', { class: 'what-if-cell' }, el('p', {}, labels.set), this.slider, this.field, back);
    this.back = back;
  }

  /** @param {number | undefined} number what is set; none: as it was */
  show(number) {
    const now = number ?? this.before;
    const active = /** @type {ShadowRoot} */ (this.root.getRootNode()).activeElement;
    if (Number(this.slider.value) !== now && active !== this.slider) this.slider.value = String(now);
    if (active !== this.field) this.field.value = String(Number(now.toPrecision(7)));
    this.back.hidden = number === undefined;
  }
}

/**
 * What follows: loss and probabilities before, after and their difference, and the steps that are reached.
 *
 * @param {import('./walk.js').Walk} walk
 * @param {WhatIfData} whatIf
 */
export function consequences(walk, whatIf) {
  const { labels, steps } = walk.step;
  const head = ['', labels.before, labels.after_value, labels.difference];
  const rows = whatIf.loss.length ? [rowOf(labels.of_loss, whatIf.loss[0], whatIf.loss[1], short)] : [];
  const [before, after] = whatIf.probabilities;
  if (after) {
    for (const k of after.keys()) rows.push(rowOf(`${labels.of_class} ${k}`, before[k], after[k], percent));
  }
  const table = el(
    'table',
    { class: 'before-after' },
    el('tr', {}, ...head.map((each) => (each ? el('th', {}, each) : el('td')))),
    ...rows,
  );
  const reached = whatIf.effects.map(({ step, cells, size, largest }) =>
    el(
      'li',
      {},
      el(
        'button',
        { type: 'button', onclick: () => walk.go(step, 2) },
        `${steps[step].name} ${steps[step].module}`,
      ),
      ` ${cells ? fill(labels.effect, { cells, size, largest: short(largest) }) : labels.no_effect}`,
    ),
  );
  const box = el('section', { class: 'follows' }, el('h3', {}, labels.follows));
  box.append(rows.length ? table : '', el('ol', {}, ...reached));
  return box;
}

/** @param {string} name @param {Numeral} before @param {Numeral} after @param {(x: Numeral) => string} write */
function rowOf(name, before, after, write) {
  const apart = typeof before === 'number' && typeof after === 'number' ? after - before : null;
  const difference = apart === null ? '' : write === percent ? `${withSign(100 * apart)}%` : withSign(apart);
  const share = write === percent && typeof after === 'number' ? after : null;
  return el(
    'tr',
    {},
    el('th', { scope: 'row' }, name),
    el('td', {}, write === percent ? percent(before) : exact(before)),
    el(
      'td',
      { class: 'now', style: share === null ? null : `--share: ${(100 * share).toFixed(1)}%` },
      write === percent ? percent(after) : exact(after),
    ),
    el('td', {}, difference),
  );
}
