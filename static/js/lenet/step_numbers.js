// @ts-check
// The numbers of a step: as torch computed them, and as they follow from a what-if. Pure.

import { reader } from '../lib/message.js';

/** @typedef {import('./payload.js').WhatIfData} WhatIfData */

export class StepNumbers {
  /** @type {Float32Array[]} of each tensor */
  tensors = [];
  /** @type {WhatIfData | null} */
  whatIf = null;
  /** @type {Map<number, Float32Array>} the tensors that follow from the what-if */
  supposed = new Map();
  /** @type {Set<number>} steps that the what-if reaches */
  reached = new Set();

  /** Takes over the tensors of a step; the what-if stays. @param {Float32Array[]} tensors */
  take(tensors) {
    this.tensors = tensors;
  }

  /** Takes over what follows from a what-if. @param {WhatIfData} whatIf @param {Float32Array} floats */
  suppose(whatIf, floats) {
    this.restore();
    this.whatIf = whatIf;
    const next = reader(floats);
    for (const [tensor, count] of whatIf.tensors) this.supposed.set(tensor, next(count));
    const complete = new Set(whatIf.tensors.map(([tensor]) => tensor));
    for (const { tensor, place, after } of whatIf.changes) {
      if (tensor === null || complete.has(tensor)) continue;
      const numbers = this.supposed.get(tensor) ?? this.original(tensor).slice();
      if (place < numbers.length) numbers[place] = after;
      this.supposed.set(tensor, numbers);
    }
    this.reached = new Set(whatIf.effects.filter(({ cells }) => cells).map(({ step }) => step));
  }

  /** Ends the what-if: all numbers are those that torch computed. */
  restore() {
    this.whatIf = null;
    this.supposed.clear();
    this.reached = new Set();
  }

  /** Whether the numbers of a tensor follow from the what-if. @param {number} tensor */
  isSupposed(tensor) {
    return this.supposed.has(tensor);
  }

  /** The numbers of a tensor, with what follows from the what-if. @param {number} tensor */
  of(tensor) {
    const original = this.original(tensor);
    return this.supposed.get(tensor)?.subarray(0, original.length) ?? original;
  }

  /** The numbers of a tensor as torch computed them. @param {number} tensor */
  original(tensor) {
    return this.tensors[tensor];
  }
}
