// Joins the drawings of one page: a click in one asks, another hands the question to Python, the answer comes back.

const listeners = new Map();

export const on = (topic, listener) => listeners.set(topic, listener);

export const off = (topic, listener) => listeners.get(topic) === listener && listeners.delete(topic);

export const send = (topic, ...what) => listeners.get(topic)?.(...what);
