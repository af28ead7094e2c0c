// @ts-check
// Hands over the secret that this tab has kept, so that a reload of the page needs no new one.

import { drawing } from '../lib/lifecycle.js';
import { recall } from '../lib/tab_storage.js';
import { TOKEN } from './token.js';

export default drawing({
  mount: (/** @type {import('../lib/lifecycle.js').Component<object>} */ _) => ({ told: false }),
  update(state, { setStateValue }) {
    if (state.told) return;
    state.told = true;
    const token = recall(TOKEN);
    if (token) setStateValue('token', token);
  },
});
