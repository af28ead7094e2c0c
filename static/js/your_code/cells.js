// @ts-check
// The invisible half of the page: carries the question about a cell to Python and the answer back, so that the record
// is not sent again.

import { answers, questions } from './topics.js';

/** @param {import('../lib/lifecycle.js').Component<import('./payload.js').CellsData>} component */
export default function ({ data, setTriggerValue }) {
  const ask = (/** @type {import('./opened_cell.js').Question} */ question) => setTriggerValue('ask', question);
  questions.on(ask);
  if (data.answer) answers.send(data.answer);
  return () => questions.off(ask);
}
