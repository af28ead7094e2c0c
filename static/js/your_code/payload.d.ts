// Written by tools/js_types.py from Python's own types; `python -m tools.js_types` writes it again.

export interface PageData {
  language: string;
  words: Record<string, string>;
  examples: ExampleData[];
  text: string;
  opened: OpenedData;
  job: JobData;
  record: RecordData | null;
  token: string;
}

export interface ExampleData {
  key: string;
  title: string;
  text: string;
}

export interface OpenedData {
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
  error: ErrorData | null;
  findings: FindingData[];
  notes: Record<string, string>[];
  module: string;
  input_shape: number[];
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
}

export interface PrintData {
  line: number;
  text: string;
  skipped_before: number;
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

export interface TensorData {
  name: string;
  shape: number[];
  dtype: string;
  device: string;
  requires_grad: boolean;
  grad_fn: string;
  values: Record<string, any>;
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

export interface PageWords {
  editor: string;
  keys: string;
  example: string;
  choose: string;
  open: string;
  run: string;
  run_keys: string;
  stop: string;
  input_shape: string;
  no_shape: string;
  too_long: string;
  start: string;
  waiting: string;
  progress: string;
  ran: string;
  well: string;
  line: string;
  finding: string;
  why: string;
  change: string;
  repaired_line: string;
  put_in: string;
  repaired: string;
  changed_since: string;
  tensor: string;
  shape: string;
  dtype: string;
  device: string;
  prints: string;
  left_out: string;
}
