// Written by tools/js_types.py from Python's own types; `python -m tools.js_types` writes it again.

import type { LayerFacts, PadWords, PictureWords, WindowFacts } from '../lib/payload.js';
export type { LayerFacts, PadWords, PictureWords, WindowFacts };

export interface ReadingHeader {
  title: string;
  version: string;
  weighted: boolean;
  image: number[];
  layers: LayerFacts[];
  output: string;
  digit: number | null;
  doubt: string;
  probabilities: number[];
  step: number | null;
  loss: number | null;
  learns: boolean;
  note: string;
}
