// @ts-check
// The one binary message between Python and the browser: names and words as JSON, and after them all numbers as
// Float32.
//
// uint32 length of the header (little endian), the header as JSON padded with blanks to a multiple of four bytes,
// then the numbers. The other side is core/message.py.

/**
 * @param {object} header
 * @param {ArrayLike<number>} [numbers]
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function pack(header, numbers = []) {
  const text = new TextEncoder().encode(JSON.stringify(header));
  const length = Math.ceil(text.length / 4) * 4;
  const bytes = new Uint8Array(4 + length + 4 * numbers.length).fill(0x20, 4, 4 + length);
  bytes.set(text, 4);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, length, true);
  new Float32Array(bytes.buffer, 4 + length).set(numbers);
  return bytes;
}

/**
 * @template [Header=unknown] what Python says that it writes
 * @param {Uint8Array} bytes the message; it may start anywhere in its buffer
 * @returns {{ header: Header, floats: Float32Array }}
 */
export function unpack(bytes) {
  const { buffer } = bytes.slice(); // a copy, so that the numbers start at a multiple of four bytes
  const length = new DataView(buffer).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)));
  return { header, floats: new Float32Array(buffer, 4 + length) };
}

/**
 * Returns what hands out the numbers one array after the other, without copying them.
 *
 * @param {Float32Array} floats
 */
export function reader(floats) {
  let at = 0;
  return (/** @type {number} */ count) => {
    at += count;
    return floats.subarray(at - count, at);
  };
}
