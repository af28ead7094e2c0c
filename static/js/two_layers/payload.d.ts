// Written by tools/js_types.py from Python's own types; `python -m tools.js_types` writes it again.

export interface WaysHeader {
  run: string;
  first: number;
  count: number;
  total: number;
  latest: string[];
  comparison: string;
  warning: string;
  parameters: string;
  rows: string[][];
  printed: string;
}

export interface LockstepWords {
  compact: boolean;
  settings: string;
  more: string;
  lost: string;
  names: string[];
  shapes: string;
  losses: string;
  where: string;
  numbers: string;
  columns: string[];
}

export interface LinesData {
  lines: string[];
  number: number | null;
  wrong: number[];
  label: string;
}

export interface PanesData {
  panes: PaneData[];
  ideas: IdeaData[];
  start: string;
  labels: PanesWords;
}

export interface PaneData {
  title: string;
  lines: LineData[];
}

export interface IdeaData {
  name: string;
  title: string;
  formula: string;
  shape: string;
  why: string;
}

export interface PanesWords {
  ideas: string;
  keys: string;
  hint: string;
}

export interface LineData {
  text: string;
  ideas: string[];
}
