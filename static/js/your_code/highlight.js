// @ts-check
// Python's text as coloured pieces, line by line. Pure.

/** @typedef {{ kind: string, text: string }} Piece kind is '' for plain text */
/** @typedef {{ start: number, end: number, kind: string }} Mark columns of one line */

const KEYWORDS = new Set(
  (
    'False None True and as assert async await break class continue def del elif else except finally for from global ' +
    'if import in is lambda nonlocal not or pass raise return try while with yield match case'
  ).split(' '),
);
const STRINGS = [
  `'''[^]*?(?:'''|$)`,
  `"""[^]*?(?:"""|$)`,
  String.raw`'(?:\\.|[^'\\\n])*'?`,
  String.raw`"(?:\\.|[^"\\\n])*"?`,
].join('|');
const PART = new RegExp(
  [
    String.raw`(?<comment>#[^\n]*)`,
    `(?<string>[rbfuRBFU]{0,2}(?:${STRINGS}))`,
    String.raw`(?<number>\b\d[\w.]*)`,
    String.raw`(?<name>[\p{L}_][\p{L}\p{N}_]*)`,
    '(?<rest>[^])',
  ].join('|'),
  'gu',
);

/**
 * The pieces of each line of `text`.
 *
 * @param {string} text
 * @returns {Piece[][]}
 */
export function pieces(text) {
  /** @type {Piece[][]} */
  const lines = [[]];
  let before = '';
  for (const match of text.matchAll(PART)) {
    const groups = /** @type {Record<string, string>} */ (match.groups);
    let kind = groups.comment ? 'comment' : groups.string ? 'string' : groups.number ? 'number' : '';
    if (groups.name) {
      if (KEYWORDS.has(groups.name)) kind = 'keyword';
      else if (before === 'def' || before === 'class') kind = 'defined';
      before = groups.name;
    }
    for (const [i, part] of match[0].split('\n').entries()) {
      if (i) lines.push([]);
      if (part) append(lines[lines.length - 1], kind, part);
    }
  }
  return lines;
}

/** @param {Piece[]} line @param {string} kind @param {string} text */
function append(line, kind, text) {
  const last = line[line.length - 1];
  if (last && last.kind === kind) last.text += text;
  else line.push({ kind, text });
}

/**
 * The pieces of a line cut at the ends of its marks: each with the kinds of the marks that it is in.
 *
 * @param {Piece[]} line
 * @param {Mark[]} marks
 * @returns {{ kind: string, text: string, marks: string[] }[]}
 */
export function withMarks(line, marks) {
  const ends = [...new Set(marks.flatMap(({ start, end }) => [start, end]))].sort((a, b) => a - b);
  const tokens = [];
  let at = 0;
  for (const { kind, text } of line) {
    const cuts = [at, ...ends.filter((end) => end > at && end < at + text.length), at + text.length];
    for (let i = 0; i + 1 < cuts.length; i += 1) {
      const [from, to] = [cuts[i], cuts[i + 1]];
      const inside = marks.filter(({ start, end }) => start <= from && to <= end).map((mark) => mark.kind);
      tokens.push({ kind, text: text.slice(from - at, to - at), marks: inside });
    }
    at += text.length;
  }
  return tokens;
}

/**
 * Where `expression`, which begins in line `line` (counted from 1), stands: the marks of each line that it reaches.
 *
 * @param {string} text
 * @param {number} line
 * @param {string} expression
 * @param {string} kind
 * @returns {Map<number, Mark[]>}
 */
export function marksOf(text, line, expression, kind) {
  /** @type {Map<number, Mark[]>} */
  const marks = new Map();
  const lines = text.split('\n');
  if (!expression || line < 1 || line > lines.length) return marks;
  const start = lines[line - 1].indexOf(expression.split('\n')[0]);
  if (start < 0) return marks;
  const parts = expression.split('\n');
  for (const [i, part] of parts.entries()) {
    const from = i ? 0 : start;
    marks.set(line + i, [{ start: from, end: from + part.length, kind }]);
  }
  return marks;
}
