// Written by tools/js_types.py from Python's own types; `python -m tools.js_types` writes it again.

export interface Fixtures {
  scenes: SceneCase[];
  readings: ReadingCase[];
  shapes: ShapeCase[];
  messages: MessageCase[];
  sentences: SentenceCase[];
  floats: number[];
}

export interface SceneCase {
  seed: number;
  data: Drawing;
  message: string;
  rows: [number, number][][];
  columns: [number, number][][];
  formulas: string[];
}

export interface ReadingCase {
  name: string;
  bytes: string;
  fields: FieldCase[];
}

export interface ShapeCase {
  shape: number[];
  indices: number[][];
}

export interface MessageCase {
  bytes: string;
  header: Record<string, string>;
  arrays: number[][];
}

export interface SentenceCase {
  template: string;
  places: string[];
  one: string;
  two: string;
}

export interface Drawing {
  kind: string;
  size: number[];
  out: number[];
  kernel: number[];
  stride: number[];
  dilation: number[];
  before: number[];
  after: number[];
  channels: number[];
  b: number | null;
  unreached: number[][];
  bounds: number[];
  x: number[][];
  w: number[][] | null;
  y: (number | null)[];
  winners: number[] | null;
  divisors: number[] | null;
}

export interface FieldCase {
  layer: number;
  cell: number;
  field: Field;
}

export interface Field {
  top: number;
  left: number;
  height: number;
  width: number;
}
