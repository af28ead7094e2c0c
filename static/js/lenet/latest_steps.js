// @ts-check
// Makes a step whole: Python sends what is new in it, and names the step from which the browser has the rest. Pure.

const KEPT = 3; // a question may go out while the answer to the one before is taken over

/**
 * @typedef {import('./payload.js').WalkHeader} SentWalk
 * @typedef {import('./payload.js').GroupData} GroupData
 *
 * @typedef {object} WholeStep
 * @property {Float32Array[]} numbers of each tensor
 * @property {GroupData[][]} groups of each operation
 */

export class LatestSteps {
  /** @type {Map<string, WholeStep>} by their names, the newest last */
  steps = new Map();

  /**
   * The step with what is the same in the one that it names; null where that one is not here any more.
   *
   * @param {string} name of the step, in its language
   * @param {Pick<SentWalk, 'base' | 'tensors' | 'groups'>} sent
   * @param {Float32Array} floats
   * @returns {WholeStep | null}
   */
  whole(name, { base, tensors, groups }, floats) {
    const before = this.steps.get(base) ?? { numbers: [], groups: [] };
    if (base && !this.steps.has(base)) return null;
    const numbers = tensors.map(({ same, offset, length }) =>
      same === null ? floats.subarray(offset, offset + length) : before.numbers[same],
    );
    const step = { numbers, groups: groups ?? before.groups };
    this.steps.delete(name);
    this.steps.set(name, step);
    for (const old of [...this.steps.keys()].slice(0, -KEPT)) this.steps.delete(old);
    return step;
  }
}
