// Written by tools/js_types.py from Python's own types; `python -m tools.js_types` writes it again.

import type { ChartHeader, CurveFacts, MarkFacts, PictureWords } from '../lib/payload.js';
export type { ChartHeader, CurveFacts, MarkFacts, PictureWords };

export interface ExamplesHeader {
  step: number | null;
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

export interface FocusData {
  selector: string;
  request: string;
}

export interface RunHeader {
  run: string;
  state: string;
  page: string;
  commands: string[];
  step: number;
  progress: number;
  numbers: NumberFacts[];
  news: NewsFacts;
  loss: string;
  chart: ChartHeader | null;
}

export interface RunWords {
  run: string;
  page: string;
  settings: string;
  lost: string;
  progress: string;
  chart: Record<string, string>;
}

export interface NewsData {
  run: string;
  topic: string;
  count: number;
}

export interface ExamplesWords {
  digits: string;
  filters: string;
  first: string;
  right: string;
  one: string;
  picture: PictureWords;
}

export interface NumberFacts {
  name: string;
  text: string;
  remark: string;
  old: boolean;
}

export interface NewsFacts {
  tests: number;
  checkpoints: number;
  examined: number;
}

export interface SteeredData {
  language: string;
  run: string;
  name: string;
  state: string;
  step: number;
  commands: string[];
}

export interface ButtonsData {
  language: string;
  run: string;
  name: string;
  state: string;
  step: number;
  commands: string[];
  words: ButtonWords;
}

export interface RateData {
  language: string;
  run: string;
  name: string;
  state: string;
  step: number;
  commands: string[];
  rate: number;
  words: RateWords;
}

export interface NoteWords {
  lost: string;
  slow: string;
  unknown: string;
  success: string;
}

export interface ButtonWords {
  lost: string;
  slow: string;
  unknown: string;
  success: string;
  start: string;
  resume: string;
  pause: string;
  batch: string;
  epoch: string;
  stop: string;
}

export interface RateWords {
  lost: string;
  slow: string;
  unknown: string;
  success: string;
  label: string;
  apply: string;
  hint: string;
}
