// Written by tools/js_types.py from Python's own types; `python -m tools.js_types` writes it again.

export interface FirstData {
  language: string;
  network: string;
  run: string;
  refusal: string;
  examples: number[][][][];
  words: FirstWords;
}

export interface FirstWords {
  picture: PictureWords;
  pad: PadWords;
  ways: WaysWords;
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

export interface PadWords {
  name: string;
  keys: string;
  down: string;
  up: string;
}

export interface WaysWords {
  name: string;
  draw: string;
  lenet: string;
  train: string;
  filter: string;
  layer: string;
}
