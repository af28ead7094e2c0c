// Written by tools/js_types.py from Python's own types; `python -m tools.js_types` writes it again.

export interface GuideData {
  station: number;
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
