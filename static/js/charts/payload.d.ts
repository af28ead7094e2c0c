// Written by tools/js_types.py from Python's own types; `python -m tools.js_types` writes it again.

export interface FigureData {
  figure: string;
  alt: string;
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

export interface MarkFacts {
  x: number;
  label: string;
}
