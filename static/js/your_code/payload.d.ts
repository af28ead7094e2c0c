// Written by tools/js_types.py from Python's own types; `python -m tools.js_types` writes it again.

import type { ExplanationData, LayerFacts, WindowFacts } from '../lib/payload.js';
export type { ExplanationData, LayerFacts, WindowFacts };

export interface PageData {
  language: string;
  words: PageWords;
  examples: ExampleData[];
  text: string;
  program: ProgramData;
  job: JobData;
  record: RecordData | null;
  token: string;
}

export interface ExportData {
  record: RecordData;
  words: ViewerWords;
  language: string;
  cells: string;
}

export interface CellsData {
  answer: AnswerData | null;
}

export interface ExampleData {
  key: string;
  title: string;
  text: string;
}

export interface ProgramData {
  visit: number;
  text: string;
}

export interface JobData {
  number: number;
  state: string;
  sentence: string;
  progress: ProgressData;
}

export interface RecordData {
  text: string;
  seconds: number;
  lines: LineData[];
  operations: OperationData[];
  total_operations: number;
  prints: PrintData[];
  steps: StepData[];
  iterations: number;
  series: SeriesData[];
  grids: GridData[];
  pictures: PictureData[];
  error: ErrorData | null;
  findings: FindingData[];
  notes: Record<string, string>[];
  module: string;
  input_shape: number[];
}

export interface AnswerData {
  job: number;
  question: QuestionData;
  sentence: string;
  explanation: ExplanationData | null;
  more: number;
}

export interface ProgressData {
  line: number;
  lines: number;
  operations: number;
  seconds: number;
  prints: string[];
}

export interface LineData {
  line: number;
  count: number;
  at_least: boolean;
}

export interface OperationData {
  index: number;
  line: number;
  expression: string;
  name: string;
  inputs: TensorData[];
  outputs: TensorData[];
  skipped_before: number;
  step: number;
  iteration: number;
  nodes: NodeData[];
  updates: UpdateData[];
  opens: string;
}

export interface PrintData {
  line: number;
  text: string;
  skipped_before: number;
  step: number;
  iteration: number;
}

export interface StepData {
  index: number;
  line: number;
  event: string;
  function: string;
  frame: number;
  depth: number;
  iteration: number;
  variables: VariableData[];
  gone: string[];
  changed: string[];
  skipped_before: number;
}

export interface SeriesData {
  name: string;
  kind: string;
  line: number;
  function: string;
  steps: number[];
  iterations: number[];
  values: (number | string)[];
  total: number;
}

export interface GridData {
  columns: number;
  numbers: (number | string)[];
}

export interface PictureData {
  module: string;
  line: number;
  step: number;
  image: number[];
  layers: LayerFacts[];
  numbers: string;
  gradients: string;
  note: Record<string, string> | null;
}

export interface ErrorData {
  type: string;
  message: string;
  line: number;
  expression: string;
  operands: OperandData[];
  cause: string;
  why: Record<string, string>;
  repair: Record<string, string>;
  fix: RepairData | null;
}

export interface FindingData {
  key: string;
  line: number;
  evidence: Record<string, string>;
  repair: Record<string, string>;
  fix: RepairData | null;
}

export interface QuestionData {
  operation: number;
  part: number;
  index: number[];
}

export interface TensorData {
  name: string;
  shape: number[];
  dtype: string;
  device: string;
  requires_grad: boolean;
  grad_fn: string;
  values: NumbersData;
  grid: number;
  maker: number[] | null;
}

export interface NodeData {
  name: string;
  line: number;
  expression: string;
  gradients: TensorData[];
  leaf: string;
}

export interface UpdateData {
  name: string;
  shape: number[];
  norm_before: number | null;
  norm_gradient: number | null;
  norm_after: number | null;
}

export interface VariableData {
  name: string;
  kind: string;
  text: string;
  tensor: TensorData | null;
}

export interface OperandData {
  name: string;
  shape: number[];
  dtype: string;
  device: string;
}

export interface RepairData {
  line: number;
  code: string;
}

export interface NumbersData {
  first?: (number | string | boolean)[];
  min?: number | string;
  max?: number | string;
  mean?: number | string;
}

export interface ViewerWords {
  editor: string;
  ran: string;
  ran_more: string;
  well: string;
  line: string;
  finding: string;
  why: string;
  change: string;
  repaired_line: string;
  tensor: string;
  shape: string;
  dtype: string;
  device: string;
  prints: string;
  left_out: string;
  no_prints: string;
  result: string;
  error: string;
  steps: string;
  curves: string;
  network: string;
  module: string;
  module_line: string;
  forward_values: string;
  gradient_values: string;
  weight_values: string;
  to_its_step: string;
  no_module: string;
  first_entry: string;
  folded: string;
  no_gradients: string;
  input: string;
  input_cell: string;
  picture_name: string;
  picture_keys: string;
  picture_hint: string;
  picture_hint_touch: string;
  picture_back: string;
  picture_closer: string;
  picture_map_adds: string;
  picture_unit_adds: string;
  picture_more: string;
  picture_others: string;
  picture_map: string;
  picture_unit: string;
  picture_probability: string;
  picture_sum_of_maps: string;
  picture_sum_of_units: string;
  picture_sum: string;
  picture_maximum: string;
  picture_mean: string;
  picture_relu: string;
  picture_stage: string;
  picture_softmax: string;
  picture_function: string;
  picture_gradient_map: string;
  picture_gradient_unit: string;
  picture_weights: string;
  picture_weight_map: string;
  picture_weight_unit: string;
  pace: string;
  by_line: string;
  by_operation: string;
  by_iteration: string;
  back: string;
  forward: string;
  timeline: string;
  moment: string;
  iteration: string;
  turn: string;
  turn_more: string;
  gap: string;
  nothing: string;
  inputs: string;
  outputs: string;
  nodes: string;
  arrives: string;
  leaf: string;
  parameter: string;
  norm_before: string;
  norm_gradient: string;
  norm_after: string;
  before_line: string;
  after_return: string;
  at_exception: string;
  inside: string;
  variables: string;
  changed: string;
  numbers: string;
  part: string;
  opens: string;
  cut: string;
  not_in_file: string;
  made_in: string;
  close: string;
  waiting: string;
  by_hand: string;
  torch: string;
  difference: string;
  terms: string;
  zeros: string;
  more_terms: string;
  sum: string;
  max: string;
  winner: string;
  padding: string;
  dropped: string;
  printed_curves: string;
  assigned_curves: string;
  gradient_curves: string;
  parameter_curves: string;
  rate_curves: string;
  no_curves: string;
  from_to: string;
  range: string;
  more: string;
  put_in: string;
}

export interface PageWords extends ViewerWords {
  keys: string;
  example: string;
  choose: string;
  open: string;
  run: string;
  run_keys: string;
  stop: string;
  input_shape: string;
  no_shape: string;
  nothing_to_run: string;
  too_long: string;
  start: string;
  progress: string;
  repaired: string;
  changed_since: string;
}
