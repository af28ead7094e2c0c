// Written by tools/js_types.py from Python's own types; `python -m tools.js_types` writes it again.

import type { ChartHeader, CurveFacts, MarkFacts } from '../lib/payload.js';
export type { ChartHeader, CurveFacts, MarkFacts };

export interface FigureData {
  figure: string;
  alt: string;
}
