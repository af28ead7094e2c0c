// Written by tools/js_types.py from Python's own types; `python -m tools.js_types` writes it again.

export interface ExamplesHeader {
  version: string;
  step: number | null;
  loss: number | null;
  learns: boolean;
  answers: ExampleAnswer[];
  images: number[];
  filters: number[];
}

export interface ExampleAnswer {
  label: number;
  digit: number;
  share: number;
}

export interface ExamplesData {
  language: string;
  network: string;
  state: string;
  words: ExamplesWords;
}

export interface FocusData {
  selector: string;
  asked: string;
}

export interface ExamplesWords {
  digits: string;
  filters: string;
  first: string;
  right: string;
  one: string;
  picture: PictureWords;
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
