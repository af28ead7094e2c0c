// @ts-check
// One forward pass that stands still, as the picture of a network takes it. Pure.

/**
 * The header of a pass whose output is not read as a digit; `title` tells it from others.
 *
 * @param {{ title: string, image: number[], layers: import('./payload.js').LayerFacts[] }} pass
 * @returns {import('./payload.js').ReadingHeader}
 */
export function headerOf({ title, image, layers }) {
  return {
    title,
    version: title,
    weighted: true,
    image,
    layers,
    output: '',
    digit: null,
    doubt: '',
    probabilities: [],
    step: null,
    loss: null,
    learns: false,
    note: '',
  };
}

/**
 * Numbers in base64, one after the other, as floats.
 *
 * @param {string[]} texts
 */
export function floatsOf(texts) {
  const bytes = texts.map((text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)));
  const all = new Uint8Array(bytes.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const each of bytes) {
    all.set(each, at);
    at += each.length;
  }
  return new Float32Array(all.buffer);
}
