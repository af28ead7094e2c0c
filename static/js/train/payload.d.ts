// Written by tools/js_types.py from Python's own types; `python -m tools.js_types` writes it again.

export interface ExamplesHeader {
  version: string;
  step: number | null;
  loss: number | null;
  learns: boolean;
  answers: ExampleAnswer[];
  images: number[];
  filters: number[];
}

export interface ExampleAnswer {
  label: number;
  digit: number;
  share: number;
}

export interface ExamplesData {
  language: string;
  network: string;
  state: string;
  words: ExamplesWords;
}

export interface ExamplesWords {
  digits: string;
  filters: string;
  first: string;
  right: string;
  one: string;
}
