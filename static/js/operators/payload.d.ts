// Written by tools/js_types.py from Python's own types; `python -m tools.js_types` writes it again.

export interface OperatorLabels {
  rows: string[];
  hint: string;
  hint_touch: string;
  edit: string;
  reset: string;
  shape: string;
  refuses: string;
  opened: string;
  printed: string;
  settings: string;
  lost: string;
  cells: string;
  guess: string;
}

export interface OperatorHeader {
  why: string[];
  error: string;
  formula: string[];
  waits: boolean;
  verdict: ShapeVerdict | null;
  tensors: GridTensor[];
  cell: OpenedCell | null;
  printed: string;
}

export interface ShapeVerdict {
  right: boolean;
  sentence: string;
}

export interface GridTensor {
  name: string;
  title: string;
  shape: number[];
  row: number;
  opens: boolean;
  edits: number[];
}

export interface OpenedCell {
  tensor: string;
  at: number;
  title: string;
  lines: string[];
  comparison: string;
}

export interface SourcesHeader {
  of: string;
  sources: number[][][];
}
