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

export interface RunHeader {
  run: string;
  state: string;
  page: string;
  step: number;
  rate: number;
  progress: number;
  numbers: NumberFacts[];
  news: NewsFacts;
  loss: string;
  chart: ChartHeader | null;
}

export interface RunWords {
  run: string;
  drawn: string;
  settings: string;
  lost: string;
  progress: string;
  chart: Record<string, string>;
}

export interface NewsData {
  run: string;
  topic: string;
  count: number;
}

export interface ExamplesWords {
  digits: string;
  filters: string;
  first: string;
  right: string;
  one: string;
  picture: PictureWords;
}

export interface NumberFacts {
  name: string;
  text: string;
  remark: string;
  old: boolean;
}

export interface NewsFacts {
  tests: number;
  checkpoints: number;
  examined: number;
}

export interface ChartHeader {
  curves: CurveFacts[];
  marks: MarkFacts[];
  xTitle: string;
  yTitle: string;
  revision: string;
  xMax: number | null;
  log: boolean;
  percent: boolean;
  note: string;
  height: number;
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

export interface CurveFacts {
  name: string;
  label: string;
  color: string;
  mode: string;
  width: number;
  opacity: number;
  hover: boolean;
  count: number;
}

export interface MarkFacts {
  x: number;
  label: string;
}
