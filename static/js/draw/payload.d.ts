// Written by tools/js_types.py from Python's own types; `python -m tools.js_types` writes it again.

import type { PictureWords } from '../lib/payload.js';
export type { PictureWords };

export interface ReadingData {
  language: string;
  network: string;
  canvas: string;
  side: number;
  frame: string;
  stamp: string;
  strokes: number[][][];
  image: number[];
  reason: string;
  of_page: boolean;
  pen: number;
  centred: boolean;
  words: ReadingWords;
}

export interface PenData {
  frame: string;
  words: PenWords;
}

export interface StoreData {
  name: string;
  drawing: Record<string, unknown> | null;
  stamp: string;
}

export interface ReadingWords {
  picture: PictureWords;
  sure: string;
  doubts: string;
  empty: string;
  doubt: Record<string, string>;
}

export interface PenWords {
  name: string;
  keys: string;
  down: string;
  up: string;
}
