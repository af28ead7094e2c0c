// @ts-check
// The invisible half of the walk: carries questions to Python and answers back, so that the big drawing and its
// tensors are never sent again.

import { off, on, send } from '../lib/bus.js';

export default function ({ data, setStateValue }) {
  const ask = (question) => setStateValue('ask', { ...question, key: data.key });
  on('ask', ask);
  if (data.answer) send('answer', data.answer);
  send('ready');
  return () => off('ask', ask);
}
