// Written by tools/js_types.py from Python's own types; `python -m tools.js_types` writes it again.

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

export interface PictureWords {
  name: string;
  keys: string;
  hint: string;
  hint_touch: string;
  back: string;
  image: string;
  more: string;
  others: string;
  pixel: string;
  map: string;
  unit: string;
  probability: string;
  sum_of_maps: string;
  sum_of_units: string;
  sum: string;
  maximum: string;
  mean: string;
  relu: string;
  stage: string;
  softmax: string;
  function: string;
  sees: string;
  sees_all: string;
  gradient_map: string;
  gradient_unit: string;
  weights: string;
  weight_map: string;
  weight_unit: string;
  weight_gradients: string;
  weight_gradient_map: string;
  weight_gradient_unit: string;
  short: Record<string, string>;
}
