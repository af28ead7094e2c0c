// Written by tools/js_types.py from Python's own types; `python -m tools.js_types` writes it again.

export interface InstrumentData {
  settings: Record<string, boolean | number | string>;
  session: string;
  stamp: number;
  after: number;
  language: string;
  instrument: string;
  declared: Declared[];
  words: Record<string, ControlWords>;
  labels: Record<string, unknown>;
  tensors: TensorData[];
}

export interface Head {
  line: number;
  number: number;
  last: boolean;
}

export interface Refused {
  refusal: string;
}

export interface Over {
  over: boolean;
}

export interface Declared {
  name: string;
  kind: "number" | "choice" | "flag" | "text";
  start: boolean | number | string;
  when: (Record<string, (boolean | number | string)[]>)[];
  least?: number;
  most?: number;
  step?: number;
  scale?: "linear" | "log";
  options?: string[];
  longest?: number;
}

export interface ControlWords {
  label: string;
  hint?: string;
  scale?: string;
  options?: Record<string, string>;
}

export interface TensorData {
  name: string;
  shape: number[];
}
