// @ts-check
// A small part of LaTeX as MathML: fractions, sums, sub- and superscripts, Greek letters, text. What it does not
// know it shows as it is written, so that nothing is lost.

const NS = 'http://www.w3.org/1998/Math/MathML';
/** @type {Record<string, string>} */
const SYMBOLS = {
  cdot: '·',
  sum: '∑',
  partial: '∂',
  max: 'max',
  min: 'min',
  arg: 'arg',
  log: 'log',
  ln: 'ln',
  ell: 'ℓ',
  exp: 'exp',
  le: '≤',
  ge: '≥',
  ne: '≠',
  times: '×',
  dots: '…',
  ldots: '…',
  cdots: '⋯',
  mu: 'μ',
  beta: 'β',
  alpha: 'α',
  tanh: 'tanh',
  Phi: 'Φ',
  varphi: 'φ',
  epsilon: 'ε',
  varepsilon: 'ε',
  sigma: 'σ',
  gamma: 'γ',
  eta: 'η',
  lambda: 'λ',
  lfloor: '⌊',
  rfloor: '⌋',
  lceil: '⌈',
  rceil: '⌉',
  infty: '∞',
  in: '∈',
  notin: '∉',
  top: '⊤',
  to: '→',
  neg: '¬',
  Rightarrow: '⇒',
  prod: '∏',
  odot: '⊙',
  pm: '±',
  approx: '≈',
  mathrm: '',
  operatorname: '',
  left: '',
  right: '',
  big: '',
  Big: '',
  bigl: '',
  bigr: '',
  displaystyle: '',
};
/** @type {Record<string, string>} */
const SPACES = { ',': '0.17em', ';': '0.28em', ':': '0.22em', '!': '0', ' ': '0.25em', quad: '1em', qquad: '2em' };
const WORDS = new Set(['max', 'min', 'arg', 'log', 'ln', 'exp', 'tanh']);
const FENCES = new Set(['⌊', '⌋', '⌈', '⌉']);
const UNDER = new Set(['∑', '∏', 'max', 'min']);

/**
 * An element of MathML before it is one: its name, its attributes, what is in it.
 *
 * @typedef {{ tag: string, attributes: Record<string, string>, children: (Tree | string)[] }} Tree
 */

/** @param {string} tag @param {...(Tree | string)} children @returns {Tree} */
const make = (tag, ...children) => ({ tag, attributes: {}, children });

/** @param {string} width @returns {Tree} */
const space = (width) => ({ tag: 'mspace', attributes: { width }, children: [] });

/** @param {Tree} tree @returns {string} */
const textIn = (tree) => tree.children.map((child) => (typeof child === 'string' ? child : textIn(child))).join('');

/** @param {string} tex @returns {string[]} */
function tokens(tex) {
  return tex.match(/\\[a-zA-Z]+|\\.|[{}^_]|\d+(?:\.\d+)?(?:e[-+]?\d+)?|[a-zA-Z]|\s+|[^\s]/g) ?? [];
}

/** @param {string[]} stream @returns {Tree} */
function group(stream) {
  if (stream[0] !== '{') return atom(stream) ?? make('mrow');
  stream.shift();
  const inside = row(stream);
  stream.shift();
  return inside;
}

/** @param {string[]} stream */
function raw(stream) {
  let text = '';
  if (stream[0] !== '{') return stream.shift() ?? '';
  stream.shift();
  for (let depth = 1; stream.length; ) {
    const token = stream.shift();
    if (token === '{') depth += 1;
    if (token === '}' && --depth === 0) break;
    text += token?.replace('\\_', '_') ?? '';
  }
  return text;
}

// A bracket is as high as what is in it.
const fence = (/** @type {string} */ symbol) => ({
  stretchy: 'true',
  form: '⌊⌈'.includes(symbol) ? 'prefix' : 'postfix',
});

/** @param {string} name @param {string[]} stream @returns {Tree | null} */
function command(name, stream) {
  if (name in SPACES) return space(SPACES[name]);
  if (name === 'frac' || name === 'tfrac' || name === 'dfrac') return make('mfrac', group(stream), group(stream));
  if (name === 'sqrt') return make('msqrt', group(stream));
  if (name === 'hat' || name === 'bar') {
    const over = make('mover', group(stream), make('mo', name === 'hat' ? '^' : '¯'));
    return { ...over, attributes: { accent: 'true' } };
  }
  if (['text', 'texttt', 'mathrm', 'mathtt', 'operatorname'].includes(name)) return make('mtext', raw(stream));
  const symbol = SYMBOLS[name];
  if (symbol === '') return null;
  if (symbol === undefined) return name.length === 1 ? make('mo', name) : make('mtext', `\\${name}`);
  if (FENCES.has(symbol)) return { ...make('mo', symbol), attributes: fence(symbol) };
  return make(WORDS.has(symbol) || '∑∏∂·×≤≥≠→⇒∈∉±≈⊙'.includes(symbol) ? 'mo' : 'mi', symbol);
}

/** @param {string[]} stream @returns {Tree | null} */
function atom(stream) {
  const token = stream.shift();
  if (token === undefined) return null;
  if (token === '{') {
    stream.unshift(token);
    return group(stream);
  }
  if (token === '\\begin') return table(stream);
  if (token[0] === '\\') return command(token.slice(1), stream);
  if (/^\s/.test(token)) return null;
  if (/^\d/.test(token)) return make('mn', token);
  if (/^[a-zA-Zα-ωΑ-Ω]/.test(token)) return make('mi', token);
  return make('mo', token === '-' ? '−' : token);
}

/** @param {Tree} base @param {string[]} stream @returns {Tree} */
function scripts(base, stream) {
  /** @type {Tree | null} */
  let below = null;
  /** @type {Tree | null} */
  let above = null;
  for (;;) {
    while (/^\s/.test(stream[0] ?? '')) stream.shift();
    if (stream[0] === '_') {
      stream.shift();
      below = group(stream);
    } else if (stream[0] === '^') {
      stream.shift();
      above = group(stream);
    } else if (stream[0] === "'") {
      stream.shift();
      above = make('mo', '′');
    } else break;
  }
  const kind = UNDER.has(textIn(base)) ? ['munder', 'mover', 'munderover'] : ['msub', 'msup', 'msubsup'];
  if (below && above) return make(kind[2], base, below, above);
  if (below) return make(kind[0], base, below);
  return above ? make(kind[1], base, above) : base;
}

// Lines below each other, \begin{aligned} … & … \\ … \end{aligned}, of which each begins where the others do.
/** @param {string[]} stream @returns {Tree} */
function table(stream) {
  raw(stream); // its kind
  let cell = make('mtd');
  const lines = [make('mtr', cell)];
  while (stream.length && stream[0] !== '\\end') {
    if (stream[0] === '\\\\') {
      stream.shift();
      cell = make('mtd');
      lines.push(make('mtr', cell));
    } else if ('&}'.includes(stream[0])) stream.shift();
    else cell.children.push(row(stream, ENDS));
  }
  stream.shift();
  raw(stream);
  return make('mtable', ...lines);
}

const ENDS = ['}', '&', '\\\\', '\\end'];

/** @param {string[]} stream @param {string[]} ends @returns {Tree} */
function row(stream, ends = ['}']) {
  const inside = make('mrow');
  while (stream.length && !ends.includes(stream[0])) {
    const node = atom(stream);
    if (node) inside.children.push(scripts(node, stream));
  }
  return inside;
}

/**
 * Returns `tex` as a tree of MathML.
 *
 * @param {string} tex
 */
export const parse = (tex) => row(tokens(tex));

/**
 * Returns a <math> element for `tex`; as a display where `block` is true.
 *
 * Screen readers read its parts. A label would take their place: LaTeX, sign by sign.
 *
 * @param {string} tex
 */
export function formula(tex, block = false) {
  const math = elementOf(make('math', parse(tex)));
  if (block) math.setAttribute('display', 'block');
  return math;
}

/** @param {Tree} tree @returns {Element} */
function elementOf({ tag, attributes, children }) {
  const element = document.createElementNS(NS, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children.map((child) => (typeof child === 'string' ? child : elementOf(child))));
  return element;
}
