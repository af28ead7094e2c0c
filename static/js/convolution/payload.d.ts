// Written by tools/js_types.py from Python's own types; `python -m tools.js_types` writes it again.

import type { LayerFacts, PictureWords, WindowFacts } from '../lib/payload.js';
export type { LayerFacts, PictureWords, WindowFacts };

export interface WindowData {
  kind: string;
  size: number[];
  out: number[];
  kernel: number[];
  stride: number[];
  dilation: number[];
  before: number[];
  after: number[];
  channels: number[];
  b: number | null;
  unreached: number[][];
  bounds: number[];
  x: number[][];
  w: number[][] | null;
  y: (number | null)[];
  winners: number[] | null;
  divisors: number[] | null;
  labels: Labels;
  pin: number[] | null;
}

export interface Labels {
  channel: string;
  output_cell: string;
  bias: string;
  all_channels: string;
  agrees: string;
  differs: string;
  thrown: string;
  input_used: string;
  weight_used: string;
  play: string;
  pause: string;
  hint_play: string;
  hint_play_touch: string;
  hint_pin: string;
  hint_pin_touch: string;
  instructions: string;
  input: string[];
  kernel: string[];
  output: string[];
}

export interface LayerLabels {
  channel: string;
  output_cell: string;
  bias: string;
  all_channels: string;
  agrees: string;
  differs: string;
  thrown: string;
  input_used: string;
  weight_used: string;
  play: string;
  pause: string;
  hint_play: string;
  hint_play_touch: string;
  hint_pin: string;
  hint_pin_touch: string;
  instructions: string;
  pin: number[] | null;
  sides: Record<string, number>;
  channels: string;
  short: string;
  one_channel: string;
  settings: string;
  lost: string;
}

export interface LayerHeader {
  drawing: DrawingHeader | null;
  captions: Captions | null;
  why: string | null;
  around: Around | null;
}

export interface DrawingHeader {
  kind: string;
  size: number[];
  out: number[];
  kernel: number[];
  stride: number[];
  dilation: number[];
  before: number[];
  after: number[];
  channels: number[];
  b: number | null;
  unreached: number[][];
  bounds: number[];
  hasWeights: boolean;
  hasWinners: boolean;
  hasDivisors: boolean;
}

export interface Captions {
  input: string[];
  kernel: string[];
  output: string[];
}

export interface Around {
  head: Head;
  formulas: Lines[];
  short: Short;
  remarks: string[];
  facts: Fact[];
  question: string;
  verdict: Verdict | null;
  outputs: number;
  filter: number;
}

export interface Head {
  shapes: string;
  agrees: boolean;
  badge: string;
}

export interface Lines {
  name: string;
  lines: string[];
}

export interface Short {
  latex: string;
  remarks: string[];
}

export interface Fact {
  name: string;
  number: string;
  remark: string;
}

export interface Verdict {
  right: boolean;
  sentences: string[];
}

export interface DrawnData {
  title: string;
  image: number[];
  layers: LayerFacts[];
  numbers: string;
  words: PictureWords;
}

export interface ReachData {
  x: number[];
  size: number[];
  units: number[];
  rows: number[][];
  columns: number[][];
  labels: ReachWords;
}

export interface RowsData {
  rows: RowData[];
  kinds: Record<string, KindData>;
  results: ResultData[];
  after: number;
  labels: RowsWords;
}

export interface ReachWords {
  picture: string;
  units: string;
  sees: string;
  instructions: string;
}

export interface RowData {
  kind: string;
  options: Record<string, string>;
}

export interface KindData {
  title: string;
  options: OptionData[];
}

export interface ResultData {
  shape?: string;
  details?: string[];
  problem?: string;
  message?: string;
  right?: number | null;
}

export interface RowsWords {
  layer: string;
  add: string;
  up: string;
  down: string;
  remove: string;
  auto: string;
  torch: string;
  mend: string;
}

export interface OptionData {
  name: string;
  default: number | string | null;
  word: boolean;
}
