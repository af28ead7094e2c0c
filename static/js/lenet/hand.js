// @ts-check
// The invisible half of the walk: carries what the hand has set to Python and back, so that the big drawing and its
// tensors are never sent again.

import { off, on, send } from '../lib/bus.js';

/** @param {import('../lib/lifecycle.js').Component} component */
export default function ({ data, setStateValue }) {
  const report = (/** @type {object} */ settings) => setStateValue('settings', settings);
  const tell = () => send('told', data);
  on('report', report);
  on('walk', tell);
  tell();
  return () => {
    off('report', report);
    off('walk', tell);
  };
}
