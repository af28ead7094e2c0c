// Written by tools/js_types.py from Python's own types; `python -m tools.js_types` writes it again.

export interface FrameData {
  language: string;
  picked: boolean;
  cookie: string;
  paths: string[];
  stamp: string;
  projector: boolean;
  leave: string;
  journey: string;
  words: Record<string, string>;
}

export interface GuideData {
  position: string;
  step: number;
  count: number;
  here: boolean;
  says: string;
  after: string;
  at: string;
  address: string;
  element: string;
  words: GuideWords;
}

export interface GuideWords {
  name: string;
  next: string;
  skip: string;
  finish: string;
  back: string;
  leave: string;
  there: string;
}
