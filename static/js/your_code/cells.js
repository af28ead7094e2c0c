// @ts-check
// The invisible half of the page: carries the question about a cell to Python and the answer back, so that the record
// is not sent again.

import { off, on, send } from '../lib/bus.js';

/** @param {import('../lib/lifecycle.js').Component<import('./payload.js').CellsData>} component */
export default function ({ data, setTriggerValue }) {
  const ask = (/** @type {import('./opening.js').Question} */ question) => setTriggerValue('ask', question);
  on('code_ask', ask);
  if (data.answer) send('code_answer', data.answer);
  return () => off('code_ask', ask);
}
