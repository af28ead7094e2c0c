// @ts-check
// Keeps what was made for as long as all that it was made of is the same. Pure.

/** @template Value */
export class Memo {
  /** @type {readonly unknown[] | null} */
  parts = null;
  /** @type {Value | null} */
  value = null;

  /**
   * What is kept, or is made now because one of its parts is another.
   *
   * @param {readonly unknown[]} parts compared as they are: text and numbers by value, all else by identity
   * @param {() => Value} make
   * @returns {Value}
   */
  of(parts, make) {
    const { value } = this;
    if (value !== null && this.isOf(parts)) return value;
    this.parts = parts;
    this.value = make();
    return this.value;
  }

  /** @param {readonly unknown[]} parts */
  isOf(parts) {
    return this.parts !== null && areSame(parts, this.parts);
  }
}

/**
 * Whether two lists of parts are the same: text and numbers by value, all else by identity.
 *
 * @param {readonly unknown[]} one
 * @param {readonly unknown[]} other
 */
export const areSame = (one, other) =>
  one.length === other.length && one.every((part, i) => Object.is(part, other[i]));
