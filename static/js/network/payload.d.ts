// Written by tools/js_types.py from Python's own types; `python -m tools.js_types` writes it again.

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

export interface LayerFacts {
  operations: string[];
  name: string;
  inputs: number[];
  shape: number[];
  window: WindowFacts | null;
  weight: number[];
  bias: boolean;
  call: number;
}

export interface WindowFacts {
  kernel_size: number[];
  stride: number[];
  padding: number[];
  dilation: number[];
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
