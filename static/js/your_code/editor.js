// @ts-check
// A text area with line numbers and colours: what one types in is a plain <textarea> above a copy that is coloured.
//
// Tab indents; after Escape it leaves the text area instead, as everywhere else on a page.

import { el } from '../lib/dom.js';
import { dedent, indent, newline } from './editing.js';
import { pieces, withMarks } from './highlight.js';

const MOST_COLOURED = 60_000; // characters

export class Editor {
  /**
   * @param {{ label: string, keys: string }} labels
   * @param {() => void} changed the text is another
   */
  constructor(labels, changed) {
    this.changed = changed;
    this.leaving = false;
    this.lit = /** @type {{ line: number, kind: string, marks: Map<number, import('./highlight.js').Mark[]> }} */ ({
      line: 0,
      kind: '',
      marks: new Map(),
    });
    this.problems = /** @type {Map<number, string>} */ (new Map());
    this.area = el('textarea', {
      spellcheck: 'false',
      autocapitalize: 'off',
      autocomplete: 'off',
      wrap: 'off',
      'aria-label': labels.label,
      'aria-describedby': 'editor-keys',
    });
    this.copy = el('div', { class: 'copy', 'aria-hidden': 'true' });
    this.gutter = el('div', { class: 'gutter', 'aria-hidden': 'true' });
    this.scroll = el('div', 'scroll-code', this.gutter, el('div', 'sheet', this.copy, this.area));
    this.element = el('div', 'editor', this.scroll, el('small', { id: 'editor-keys', class: 'keys' }, labels.keys));
    this.area.addEventListener('input', () => this.typed());
    this.area.addEventListener('keydown', (event) => this.key(event));
    this.area.addEventListener('blur', () => {
      this.leaving = false;
    });
    for (const name of ['keyup', 'click', 'select']) this.area.addEventListener(name, () => this.caret());
  }

  get text() {
    return this.area.value;
  }

  set text(text) {
    this.area.value = text;
    this.typed();
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (this.area.readOnly || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key === 'Escape') {
      this.leaving = true;
      return;
    }
    const action =
      event.key === 'Tab' ? (event.shiftKey ? dedent : indent) : event.key === 'Enter' ? newline : null;
    if (!action || (event.key === 'Tab' && this.leaving)) return;
    event.preventDefault();
    const { value: text, selectionStart: start, selectionEnd: end } = this.area;
    this.apply(action({ text, start, end }));
  }

  /** Changes the text so that Ctrl+Z takes it back. @param {import('./editing.js').Edit} edit */
  apply({ text, start, end }) {
    const before = this.area.value;
    let from = 0;
    while (from < Math.min(before.length, text.length) && before[from] === text[from]) from += 1;
    let same = 0;
    while (same < Math.min(before.length, text.length) - from && before.at(-1 - same) === text.at(-1 - same))
      same += 1;
    this.area.focus();
    this.area.setSelectionRange(from, before.length - same);
    const added = text.slice(from, text.length - same);
    const isDone = added ? document.execCommand('insertText', false, added) : document.execCommand('delete');
    if (!isDone || this.area.value !== text) {
      this.area.value = text;
      this.typed();
    }
    this.area.setSelectionRange(start, end);
  }

  typed() {
    this.paint();
    this.changed();
  }

  /**
   * Lights a line and marks parts of the text.
   *
   * @param {number} line
   * @param {string} kind
   * @param {Map<number, import('./highlight.js').Mark[]>} marks
   */
  light(line, kind, marks) {
    this.lit = { line, kind, marks };
    this.paint();
    this.reveal(line);
  }

  /** @param {Map<number, string>} problems the class of each line that is named in the margin */
  point(problems) {
    this.problems = problems;
    this.paint();
  }

  paint() {
    const { value } = this.area;
    const lines =
      value.length <= MOST_COLOURED ? pieces(value) : value.split('\n').map((text) => [{ kind: '', text }]);
    this.area.rows = lines.length;
    const width = lines.reduce((most, line) => Math.max(most, columns(line)), 0);
    this.area.style.width = `max(100%, ${width + 3}ch)`;
    this.copy.replaceChildren(
      ...lines.map((line, i) => {
        const marks = this.lit.marks.get(i + 1) ?? [];
        const row = el('div', i + 1 === this.lit.line ? `row lit ${this.lit.kind}` : 'row');
        for (const piece of withMarks(line, marks)) {
          const names = [piece.kind && `t-${piece.kind}`, ...piece.marks.map((kind) => `m-${kind}`)].filter(
            Boolean,
          );
          row.append(names.length ? el('span', names.join(' '), piece.text) : piece.text);
        }
        if (!line.length) row.append('\u200b');
        return row;
      }),
    );
    this.gutter.replaceChildren(...lines.map((_, i) => el('div', this.problems.get(i + 1) ?? '', String(i + 1))));
    this.caret();
  }

  /** Shows in which line the cursor is. */
  caret() {
    const line = this.area.value.slice(0, this.area.selectionStart).split('\n').length;
    for (const [i, number] of [...this.gutter.children].entries()) number.classList.toggle('here', i + 1 === line);
  }

  /** Scrolls line `line` into the window of the editor, and only that. @param {number} line */
  reveal(line) {
    const row = /** @type {HTMLElement | undefined} */ (this.copy.children[line - 1]);
    if (!row) return;
    const { scrollTop: top, clientHeight: height } = this.scroll;
    const at = row.offsetTop;
    if (at < top + 20 || at + row.offsetHeight > top + height - 20)
      this.scroll.scrollTop = Math.max(0, at - height / 2);
  }

  /** Puts the cursor at the beginning of a line. @param {number} line */
  goTo(line) {
    const at =
      this.area.value
        .split('\n')
        .slice(0, line - 1)
        .join('\n').length + (line > 1 ? 1 : 0);
    this.area.focus({ preventScroll: true });
    this.area.setSelectionRange(at, at);
    this.caret();
    this.reveal(line);
  }
}

/** Chinese characters are two columns wide. @param {import('./highlight.js').Piece[]} line */
const columns = (line) =>
  line.reduce((sum, { text }) => sum + text.length + (text.match(/[\u1100-\uffff]/g)?.length ?? 0), 0);
