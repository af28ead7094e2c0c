// @ts-check
// What came of a run, in words: the error with its operands, why, and what to change; findings; prints.

import { el, fill } from '../lib/dom.js';

/** @typedef {import('./payload.d.ts').RecordData} RecordData */
/** @typedef {import('./payload.d.ts').ViewerWords} ViewerWords */
/**
 * @typedef {object} Actions
 * @property {(line: number) => void} goTo shows a line in the editor
 * @property {((repair: { line: number, code: string }) => void) | null} repair changes a line; null: no editor
 */

/** @param {readonly number[]} shape */
export const sizes = (shape) => `(${shape.join(', ')}${shape.length === 1 ? ',' : ''})`;

/**
 * @param {RecordData} record
 * @param {ViewerWords} words
 * @param {string} language
 * @param {Actions} actions
 */
export function result(record, words, language, actions) {
  const { error, findings, notes } = record;
  return el(
    'div',
    'result',
    error && theError(error, words, language, actions),
    ...findings.map((finding) => theFinding(finding, words, language, actions)),
    !error && !findings.length ? el('p', 'well', words.well) : null,
    ...notes.map((note) => el('p', 'note', note[language])),
  );
}

/** @param {number} line @param {ViewerWords} words @param {Actions} actions */
const lineLink = (line, words, actions) =>
  line > 0 && el('button', { class: 'line-link', onclick: () => actions.goTo(line) }, fill(words.line, { line }));

/**
 * @param {import('./payload.d.ts').RepairData | null} fix
 * @param {string} text
 * @param {ViewerWords} words
 * @param {Actions} actions
 */
const change = (fix, text, words, actions) =>
  el(
    'div',
    'change',
    el('b', {}, words.change),
    fix
      ? el(
          'div',
          'fix',
          el('code', {}, fill(words.repaired_line, { line: fix.line })),
          el('pre', {}, fix.code),
          actions.repair
            ? el('button', { class: 'main', onclick: () => actions.repair?.(fix) }, words.put_in)
            : null,
        )
      : el('p', {}, text),
  );

/**
 * @param {NonNullable<RecordData['error']>} error
 * @param {ViewerWords} words
 * @param {string} language
 * @param {Actions} actions
 */
function theError(error, words, language, actions) {
  const why = error.why[language];
  return el(
    'section',
    { class: 'card error', role: 'alert', 'data-cause': error.cause },
    el('header', {}, el('h3', {}, error.type || why), lineLink(error.line, words, actions) || null),
    error.expression ? el('pre', 'expression', error.expression) : null,
    error.operands.length ? operands(error.operands, words) : null,
    error.type ? el('p', 'message', error.message) : null,
    error.type && why ? el('div', 'why', el('b', {}, words.why), el('p', {}, why)) : null,
    error.repair[language] ? change(error.fix, error.repair[language], words, actions) : null,
  );
}

/** @param {import('./payload.d.ts').OperandData[]} all @param {ViewerWords} words */
const operands = (all, words) =>
  el(
    'div',
    'scroll',
    el(
      'table',
      'operands',
      el(
        'thead',
        {},
        el('tr', {}, ...[words.tensor, words.shape, words.dtype, words.device].map((word) => el('th', {}, word))),
      ),
      el(
        'tbody',
        {},
        ...all.map((one) =>
          el('tr', {}, ...[one.name, sizes(one.shape), one.dtype, one.device].map((text) => el('td', {}, text))),
        ),
      ),
    ),
  );

/**
 * @param {RecordData['findings'][number]} finding
 * @param {ViewerWords} words
 * @param {string} language
 * @param {Actions} actions
 */
const theFinding = (finding, words, language, actions) =>
  el(
    'section',
    { class: 'card finding', 'data-key': finding.key },
    el('header', {}, el('h3', {}, words.finding), lineLink(finding.line, words, actions) || null),
    el('p', {}, finding.evidence[language]),
    change(finding.fix, finding.repair[language], words, actions),
  );

/**
 * @param {{ line: number, text: string, skipped_before: number }[]} prints
 * @param {ViewerWords} words
 */
export const printList = (prints, words) =>
  el(
    'pre',
    { class: 'prints', tabindex: '0', 'aria-label': words.prints },
    ...prints.flatMap(({ text, skipped_before: skipped }) => [
      skipped ? el('em', {}, `${fill(words.left_out, { count: skipped })}\n`) : null,
      `${text}\n`,
    ]),
  );
