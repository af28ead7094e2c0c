// Written by tools/js_types.py from Python's own types; `python -m tools.js_types` writes it again.

export interface FitHeader {
  fit: string;
  first: number;
  count: number;
  total: number;
  diverged: boolean;
  samples: number;
  more: boolean;
  lr: string;
  plain: boolean;
  target: number[];
  surface: SurfaceFacts | null;
  why: string;
  limit: string;
  reasons: string[];
  end: string;
}

export interface SurfaceFacts {
  across: number;
  upward: number;
  low: number[];
  high: number[];
  points: number;
}

export interface FitWords {
  names: string[];
  settings: string;
  more: string;
  lost: string;
  play: string;
  pause: string;
  back: string;
  forth: string;
  pace: string;
  paces: string[];
  iteration: string;
  where: string;
  weights: string;
  loss: string;
  surface: string;
  point: string;
  under: string;
  matrices: string[];
  start: string;
  batch: string;
  rule: string;
  other_rule: string;
  diverged: string;
  why: string;
  valley: string;
}
