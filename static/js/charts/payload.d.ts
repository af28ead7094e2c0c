// Written by tools/js_types.py from Python's own types; `python -m tools.js_types` writes it again.

export interface FigureData {
  figure: string;
  alt: string;
}
