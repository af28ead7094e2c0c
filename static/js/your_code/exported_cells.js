// @ts-check
// The cells that open in an exported file: core/script/exported_cells.py worked them out and packed them.

/** @typedef {import('./payload.d.ts').AnswerData} AnswerData */
/** @typedef {import('./opened_cell.js').Question} Question */
/** @typedef {Partial<Pick<AnswerData, 'explanation' | 'more' | 'sentence'>>} Opened */

/** Where a question's answer is. @param {Question} question */
const keyOf = ({ operation, part, index }) => [operation, part, ...index].join('.');

/** @param {string} packed @returns {Promise<Record<string, Opened>>} */
export const unpackCells = async (packed) =>
  /** @type {Record<string, Opened>} */ (packed ? await unpack(packed) : {});

/** What is compressed (deflate) and written in base64. @param {string} packed @returns {Promise<unknown>} */
export async function unpack(packed) {
  const bytes = Uint8Array.from(atob(packed), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate'));
  return JSON.parse(await new Response(stream).text());
}

/**
 * @param {Record<string, Opened>} cells
 * @param {Question} question
 * @param {string} sentence for a cell that is not among them
 * @returns {AnswerData}
 */
export function answerOf(cells, question, sentence) {
  const cell = cells[keyOf(question)] ?? cells[keyOf({ ...question, index: [] })];
  return { job: 0, question, sentence: cell ? '' : sentence, explanation: null, more: 0, ...cell };
}
