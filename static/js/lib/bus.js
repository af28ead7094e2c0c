// @ts-check
// Joins the drawings of one page: a click in one asks, another hands the question to Python, the answer comes back.

/** @typedef {(...what: any[]) => void} Listener */

/** @type {Map<string, Listener>} */
const listeners = new Map();

/** @param {string} topic @param {Listener} listener */
export const on = (topic, listener) => listeners.set(topic, listener);

/** @param {string} topic @param {Listener} listener */
export const off = (topic, listener) => listeners.get(topic) === listener && listeners.delete(topic);

/** @param {string} topic @param {...any} what */
export const send = (topic, ...what) => listeners.get(topic)?.(...what);
