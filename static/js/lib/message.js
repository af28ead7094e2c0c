// @ts-check
// The one binary message from Python: names and words as JSON, and after them all numbers as Float32.
//
// uint32 length of the header (little endian), the header as JSON padded with blanks to a multiple of four bytes,
// then the numbers. The writer is core/message.py.

/**
 * @param {Uint8Array} bytes the message; it may start anywhere in its buffer
 * @returns {{ header: any, floats: Float32Array }}
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
