// @ts-check
// The setting that holds a what-if: which numbers of the step the hand has changed.

import { numberIn, withChange, withoutLast } from './changes.js';

export class WhatIfSetting {
  /** @param {import('./walk.js').Owner} owner @param {() => void} follow asks what follows */
  constructor(owner, follow) {
    this.owner = owner;
    this.follow = follow;
  }

  /** The changed numbers as text; '' without a what-if. */
  get text() {
    return String(this.owner.values().changes ?? '');
  }

  /** @param {boolean} holds whether the hand holds a slider */
  hold(holds) {
    this.owner.hold(holds);
  }

  /** What the hand has set this number to, if it has. @param {number} value @param {number} place */
  numberAt(value, place) {
    return numberIn(this.text, value, place);
  }

  /** @param {number} value @param {number} place @param {number | null} number null: as torch computed it */
  set(value, place, number) {
    this.change(withChange(this.text, value, place, number));
  }

  undo() {
    this.change(withoutLast(this.text));
  }

  reset() {
    this.change('');
  }

  /** @param {string} text */
  change(text) {
    this.owner.move({ changes: text });
    this.follow();
  }
}
