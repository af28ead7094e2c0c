// @ts-check
// An opened cell: what the terms add up to beside torch's number, the lines between, and the terms.

import { el, fill } from './dom.js';
import { formula } from './formula.js';
import { exact, short } from './numbers.js';

/**
 * @typedef {import('./payload.js').ExplanationData} Explanation
 * @typedef {Explanation['terms'][number]} Term value, note and factors; a value that is not finite is text
 *
 * @typedef {Record<string, string>} Labels
 */

/** The general formula. @param {Explanation} explanation */
export const formulaOf = (explanation) => el('div', 'scroll', formula(explanation.formula, true));

/** The numbers by hand and torch's. @param {Labels} labels @param {Explanation} explanation */
export function totalOf(labels, explanation, count = explanation.terms.length) {
  return el(
    'div',
    'answer',
    el('span', {}, `${labels[explanation.combine] ?? '='} · ${count} ${labels.terms}`),
    el('span', {}, `${labels.by_hand} `, el('b', 'hand', exact(explanation.result))),
    el('span', {}, `${labels.torch} `, el('b', 'torch', exact(explanation.torch))),
    el('span', {}, `${labels.difference} `, el('b', 'difference', short(explanation.difference))),
  );
}

/** The lines between the terms and the result. @param {Explanation} explanation */
export const stepsOf = (explanation) => explanation.steps.map((line) => el('div', 'scroll', formula(line, true)));

/**
 * The terms, and the element of each. Terms of a sum that are 0 say nothing: they come last, folded.
 *
 * @param {Labels} labels
 * @param {Explanation} explanation
 */
export function termsOf(labels, explanation) {
  const zero = explanation.terms.map(([value]) => explanation.combine === 'sum' && value === 0);
  const firstTerm = zero.indexOf(false);
  const items = explanation.terms.map((term, i) => termOf(labels, term, i === firstTerm ? '' : '+ '));
  items.forEach((item, i) => {
    item.classList.toggle('zero', zero[i]);
  });
  const list = (/** @type {boolean} */ isZero) =>
    el(
      'ol',
      { class: 'terms', 'aria-label': labels.terms, tabindex: '0' },
      ...items.filter((_, i) => zero[i] === isZero),
    );
  const count = zero.filter(Boolean).length;
  const folded = el(
    'details',
    { class: 'zeros', open: count === zero.length },
    el('summary', {}, fill(labels.zeros, { count })),
    list(true),
  );
  const element = el('div', {}, count < zero.length ? list(false) : '', count ? folded : '');
  return { element, items };
}

/** @param {Labels} labels @param {Term} term @param {string} sign */
function termOf(labels, [value, note, factors], sign) {
  const product = factors
    .map(([symbol, number, , index]) => `${symbol}${index?.length ? `[${index.join(',')}]` : ''} ${short(number)}`)
    .join(' · ');
  return el(
    'li',
    {},
    el('span', {}, `${sign}${product}`, note ? el('em', {}, ` ${labels[note] ?? note}`) : ''),
    el('span', {}, `= ${exact(value)}`),
  );
}
