// Written by tools/js_types.py from Python's own types; `python -m tools.js_types` writes it again.

export interface InstrumentData {
  settings: Record<string, boolean | number | string>;
  session: string;
  stamp: number;
  after: number;
  language: string;
  instrument: string;
  declared: Declaration[];
  words: Record<string, ControlWords>;
  labels: Record<string, unknown>;
  tensors: TensorData[];
}

export interface Head {
  line: number;
  number: number;
  last: boolean;
}

export interface NoAnswer {
  refusal: string;
}

export interface EndOfAnswer {
  over: boolean;
}

export interface CommandResult {
  line: number;
  obeyed: number;
  refusal: string;
}

export interface Declaration {
  name: string;
  kind: "number" | "choice" | "flag" | "text";
  default: boolean | number | string;
  when: (Record<string, (boolean | number | string)[]>)[];
  minimum?: number;
  maximum?: number;
  step?: number;
  scale?: "linear" | "log";
  options?: string[];
  longest?: number;
}

export interface ControlWords {
  label: string;
  hint?: string;
  scale?: string;
  options?: Record<string, string>;
}

export interface TensorData {
  name: string;
  shape: number[];
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

export interface ExplanationData {
  formula: string;
  combine: string;
  steps: string[];
  result: number | string;
  torch: number | string;
  difference: number | string;
  terms: ([number | string, string, ([string, number | string, string | null, number[] | null])[]])[];
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

export interface MarkFacts {
  x: number;
  label: string;
}

export interface PadWords {
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
  closer: string;
  map_adds: string;
  unit_adds: string;
  image: string;
  more: string;
  others: string;
  pixel: string;
  map: string;
  unit: string;
  probability: string;
  no_answer: string;
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

export interface WindowFacts {
  kernel_size: number[];
  stride: number[];
  padding: number[];
  dilation: number[];
}
