// Written by tools/js_types.py from Python's own types; `python -m tools.js_types` writes it again.

import type { PadWords, PictureWords } from '../lib/payload.js';
export type { PadWords, PictureWords };

export interface FirstData {
  language: string;
  network: string;
  run: string;
  learns: boolean;
  refusal: string;
  examples: number[][][][];
  words: FirstWords;
}

export interface FirstWords {
  picture: PictureWords;
  pad: PadWords;
  ways: LinkWords;
  undo: string;
  clear: string;
  another: string;
  question: string;
  start: string;
  again: string;
  stop: string;
  steps: string;
  learned: string;
  waits: string;
  curve: string;
  empty: string;
  reads: string;
  doubts: string;
  doubt: Record<string, string>;
}

export interface LinkWords {
  name: string;
  draw: string;
  lenet: string;
  train: string;
  filter: string;
  layer: string;
}
