// @ts-check
// What keys do to a text and its selection. Pure.

import { numel } from '../lib/shapes.js';

/** @typedef {{ text: string, start: number, end: number }} Edit the text, and where its selection begins and ends */

const INDENT = '    ';

/** @param {string} text @param {number} at */
const lineStart = (text, at) => text.lastIndexOf('\n', at - 1) + 1;

/**
 * Tab: spaces up to the next stop, or every selected line one stop further in.
 *
 * @param {Edit} edit
 * @returns {Edit}
 */
export function indent({ text, start, end }) {
  if (!text.slice(start, end).includes('\n')) {
    const column = start - lineStart(text, start);
    const spaces = INDENT.slice(column % INDENT.length);
    return {
      text: text.slice(0, start) + spaces + text.slice(end),
      start: start + spaces.length,
      end: start + spaces.length,
    };
  }
  return overLines({ text, start, end }, (line) => (line ? INDENT + line : line));
}

/**
 * Shift+Tab: the lines of the selection one stop further out.
 *
 * @param {Edit} edit
 * @returns {Edit}
 */
export const dedent = (edit) => overLines(edit, (line) => line.replace(/^(?: {1,4}|\t)/, ''));

/**
 * @param {Edit} edit
 * @param {(line: string) => string} change
 * @returns {Edit}
 */
function overLines({ text, start, end }, change) {
  const from = lineStart(text, start);
  const last = end > start && text[end - 1] === '\n' ? end - 1 : end;
  const to = text.indexOf('\n', last) < 0 ? text.length : text.indexOf('\n', last);
  const lines = text.slice(from, to).split('\n');
  const changed = lines.map(change);
  const body = changed.join('\n');
  const first = changed[0].length - lines[0].length;
  return {
    text: text.slice(0, from) + body + text.slice(to),
    start: Math.max(from, start + first),
    end: Math.max(from, end + body.length - (to - from)),
  };
}

/**
 * Enter: the next line begins as this one does, one stop further in after a colon.
 *
 * @param {Edit} edit
 * @returns {Edit}
 */
export function newline({ text, start, end }) {
  const line = text.slice(lineStart(text, start), start);
  const spaces = /^[ \t]*/.exec(line)?.[0] ?? '';
  const added = `\n${spaces}${/:\s*(#.*)?$/.test(line) ? INDENT : ''}`;
  return {
    text: text.slice(0, start) + added + text.slice(end),
    start: start + added.length,
    end: start + added.length,
  };
}

/**
 * The text with line `line` (counted from 1) replaced by `code`, at the same indentation.
 *
 * @param {string} text
 * @param {{ line: number, code: string }} repair
 */
export function repair(text, { line, code }) {
  const lines = text.split('\n');
  if (line < 1 || line > lines.length) return text;
  const spaces = /^[ \t]*/.exec(lines[line - 1])?.[0] ?? '';
  lines[line - 1] = spaces + code;
  return lines.join('\n');
}

/**
 * "2, 1, 28, 28" or "(2, 1, 28, 28)" as numbers; null where it is no shape.
 *
 * @param {string} text
 */
export function shapeFrom(text) {
  const parts = text
    .replace(/[()[\]\s]/g, '')
    .split(/[,x×]/)
    .filter(Boolean);
  const numbers = parts.map(Number);
  const fits =
    numbers.length > 0 && numbers.length < 9 && numbers.every((n) => Number.isInteger(n) && n > 0 && n < 1e6);
  return fits && numel(numbers) <= 5e7 ? numbers : null;
}
