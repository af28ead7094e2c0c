// @ts-check
// A record that opens from disk: the program, and the viewer of the page. core/script/html.py writes the file around
// it.

import { el } from '../lib/dom.js';
import { STYLE as PICTURE_STYLE } from '../network/style.js';
import { Editor } from './editor.js';
import { answerOf, unpack, unpackCells } from './exported_cells.js';
import { STYLE } from './style.js';
import { Viewer } from './viewer.js';

/** @typedef {import('./payload.d.ts').ExportData} ExportData */

const data = /** @type {ExportData} */ (await unpack(document.getElementById('record')?.textContent ?? ''));
const { record, language, words } = data;
const editor = new Editor({ label: words.editor, keys: '' }, () => {});
editor.area.readOnly = true;
editor.text = record.text;
const cells = unpackCells(data.cells);
const ask = async (/** @type {import('./opened_cell.js').Question} */ question) => {
  viewer.timeline.opening.answer(answerOf(await cells, question, words.not_in_file));
};
const viewer = new Viewer(record, words, language, editor, { repair: null, ask: data.cells ? ask : null });
const halves = el('div', 'halves', el('div', 'half', editor.element), el('div', 'half', viewer.element));
document.body.append(
  el('main', 'code-page', el('style', {}, PICTURE_STYLE + STYLE), el('h1', {}, document.title), halves),
);
viewer.open(viewer.tab);
