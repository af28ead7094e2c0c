// Written by tools/js_types.py from Python's own types; `python -m tools.js_types` writes it again.

import type { ExplanationData, LayerFacts, PictureWords, WindowFacts } from '../lib/payload.js';
export type { ExplanationData, LayerFacts, PictureWords, WindowFacts };

export interface StepLabels {
  stage: StepWords;
  picture: PictureWords;
  source: string;
  more: string;
  settings: string;
  lost: string;
}

export interface StepAnswer {
  key: string;
  walk: WalkHeader | null;
  label: number;
}

export interface OpeningAnswer {
  key: string;
  cell: string;
  contents: OpenedCellData | null;
  place: PlaceData | null;
  whatIf: WhatIfData | null;
}

export interface ChecksAnswer {
  checked: string;
  checks: (CheckData | null)[];
}

export interface GraphData {
  labels: GraphWords;
  nodes: NodeFacts[];
  edges: [number, number][];
}

export interface WalkHeader {
  key: string;
  base: string;
  tensors: TensorData[];
  steps: StepData[];
  groups: GroupData[][] | null;
  picture: NetworkData | null;
  pictureNote: string;
  listings: ListingData[];
}

export interface OpenedCellData {
  title: string;
  index: number[];
  value: number | string;
  tensor: number | null;
  sentence: string;
  sources: Record<string, number>;
  explanation: ExplanationData | null;
  update: UpdateData | null;
  parts: ([string, number | string])[];
}

export interface PlaceData {
  value: number;
  place: number;
  before: number | string;
}

export interface WhatIfData {
  changes: ChangeData[];
  loss: (number | string)[];
  probabilities: ((number | string)[])[];
  effects: EffectData[];
  tensors: number[][];
  whole: boolean;
}

export interface CheckData {
  difference: string;
  cells: number;
  fine: boolean;
  beyond: number;
}

export interface GraphWords {
  graph: string;
  pick: string;
  go: string;
  saved: string;
  nothing_saved: string;
  slot: string;
  leaf: string;
  inner: string;
}

export interface NodeFacts {
  name: string;
  leaf: string;
  shape: number[] | null;
  row: number;
  meaning: string;
  saved: ([string, number[] | null, string])[];
  step: number | null;
}

export interface TensorData {
  shape: number[];
  size: number;
  form: string;
  min: number | null;
  max: number | null;
  offset: number;
  length: number;
  cut: boolean;
  same: number | null;
}

export interface StepData {
  phase: string;
  name: string;
  module: string;
  words: string;
  note: string;
  in: number[][];
  out: number[][];
  lit: number[][][];
  check: CheckData | null;
}

export interface GroupData {
  role: string;
  argument: string;
  name: string;
  shape: number[];
  requires_grad: boolean;
  grad_fn: string | null;
  panes: PaneData[];
}

export interface NetworkData {
  image: number[];
  input: number;
  layers: LayerFacts[];
  tensors: LayerTensors[];
  output: string;
  probabilities: number[];
}

export interface ListingData {
  title: string;
  lines: string[];
  first: number;
}

export interface UpdateData {
  lines: ([string, string, string, number | string])[];
  before: number | string;
  after: number | string;
  torch: number | string;
  difference: number | string;
  exact: boolean;
}

export interface ChangeData {
  value: number;
  place: number;
  tensor: number | null;
  name: string;
  before: number | string;
  after: number;
}

export interface EffectData {
  step: number;
  cells: number;
  size: number;
  largest: number | string;
}

export interface PaneData {
  kind: string;
  tensor: number | null;
  ask: CellData | null;
}

export interface LayerTensors {
  value: number;
  grad: number | null;
  weight: number | null;
  weight_grad: number | null;
  bias: number | null;
  forward: number;
  backward: number | null;
}

export interface CellData {
  kind?: string;
  value?: number;
  operation?: number | null;
  argument?: string | null;
  parameter?: string;
}

export interface StepWords {
  zero_grad: string;
  forward: string;
  loss: string;
  backward: string;
  step: string;
  after: string;
  timeline: string;
  previous: string;
  next: string;
  play: string;
  pause: string;
  slower: string;
  keys: string;
  network: string;
  of_values: string;
  of_gradients: string;
  of_weights: string;
  of_weight_gradients: string;
  to_step: string;
  layer: string;
  number: string;
  per_map: string;
  in_map: string;
  shared: string;
  scale: string;
  peek: string;
  ask: string;
  value: string;
  grad: string;
  part: string;
  no_grad: string;
  no_flow: string;
  complex: string;
  sparse: string;
  none: string;
  before: string;
  change: string;
  after_value: string;
  later: string;
  input_role: string;
  output_role: string;
  leaf_role: string;
  parameter_role: string;
  reads: string;
  gives: string;
  badge: string;
  badge_equal: string;
  badge_beyond: string;
  no_badge: string;
  not_written: string;
  click: string;
  by_hand: string;
  torch: string;
  difference: string;
  terms: string;
  zeros: string;
  sum: string;
  max: string;
  up: string;
  cells_from: string;
  waiting: string;
  question: string;
  check: string;
  reveal: string;
  right: string;
  wrong: string;
  winner: string;
  padding: string;
  dropped: string;
  exact: string;
  rounding: string;
  cut: string;
  what_if: string;
  what_if_title: string;
  set: string;
  set_value: string;
  was: string;
  undo: string;
  reset: string;
  more: string;
  of_loss: string;
  of_class: string;
  follows: string;
  effect: string;
  no_effect: string;
  forward_only: string;
  supposed: string;
}
