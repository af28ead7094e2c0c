// @ts-check
// One socket for the whole tab, over which drawings ask Python (core/live); it connects again by itself.
//
// Of each drawing at most one question is under way, and only its newest one waits. After a restart of the server, or
// a sleep, what a drawing had left with the server is sent again, and what has no answer yet is asked again. A command
// is sent once: where the connection ends before its answer, nobody knows whether it arrived.

import { clock } from './clock.js';
import { pack, unpack } from './message.js';

const [SOONEST_MS, LATEST_MS] = [200, 8000]; // until the next try to connect
const SILENCE_MS = 15000; // without an answer for so long, a socket that seems open is not
const REFUSED = 1008; // no cookie, or not our page: there is no use in asking often
const MOST_LINES = 16;
export const BACK = 'stepwise-connected-again'; // an event of the window

/**
 * @typedef {import('./payload.js').Head} Head
 * @typedef {import('./clock.js').Clock} Clock
 */

/**
 * A part of an answer, its end, or in place of both a refusal.
 *
 * @template Answer
 * @typedef {Head & (Answer | import('./payload.js').NoAnswer | import('./payload.js').EndOfAnswer)} Reply
 */

/**
 * What a drawing is told.
 *
 * @template Answer
 * @typedef {object} Listener
 * @property {(header: Reply<Answer>, floats: Float32Array) => void} answer each part of an answer, a refusal too
 * @property {(connected: boolean) => void} [connected] whether the server can be reached
 * @property {(refusal: string) => void} [obeyed] a command was obeyed, or refused with this sentence
 * @property {() => void} [unknown] the connection ended, and it is not known whether a command was obeyed
 */

/**
 * @typedef {object} Socket what is used of a WebSocket
 * @property {(content: Uint8Array<ArrayBuffer>) => void} send
 * @property {() => void} close
 *
 * @typedef {object} News what a socket tells
 * @property {() => void} onOpen
 * @property {(content: Uint8Array) => void} message
 * @property {(code: number) => void} onClose
 */

export class Channel {
  /**
   * @param {(news: News) => Socket} connect
   * @param {Clock} clock
   * @param {() => void} [back] hears of each later connection
   */
  constructor(connect, clock, back = () => {}) {
    this.connect = connect;
    this.clock = clock;
    this.back = back;
    this.wasOpen = false;
    /** @type {Map<number, Line<never>>} what a line says fits its own listener alone */
    this.lines = new Map();
    /** @type {Socket | null} */
    this.socket = null;
    this.open = false;
    this.failures = 0;
    this.callOff = () => {}; // the next try to connect
  }

  /**
   * A line for one drawing, which asks `instrument`.
   *
   * @template Answer
   * @param {string} instrument
   * @param {Listener<Answer>} listener
   */
  line(instrument, listener) {
    let number = 0;
    while (this.lines.has(number)) number += 1;
    if (number >= MOST_LINES) throw new Error('too many drawings on one page');
    const line = new Line(this, number, instrument, listener);
    this.lines.set(number, line);
    this.start();
    return line;
  }

  /** Connects, unless it is connected, or about to be. */
  start() {
    this.callOff();
    if (this.socket || !this.lines.size) return;
    const socket = this.connect({
      onOpen: () => this.onOpen(),
      message: (content) => this.take(content),
      onClose: (code) => this.socket === socket && this.onClose(code),
    });
    this.socket = socket;
  }

  onOpen() {
    this.open = true;
    this.failures = 0;
    for (const line of this.lines.values()) line.onOpen();
    if (this.wasOpen) this.back();
    this.wasOpen = true;
  }

  /** @param {number} [code] */
  onClose(code) {
    this.socket = null;
    this.open = false;
    for (const line of this.lines.values()) line.onClose();
    const wait = code === REFUSED ? LATEST_MS : Math.min(LATEST_MS, SOONEST_MS * 2 ** this.failures);
    this.failures += 1;
    this.callOff = this.clock.later(() => this.start(), wait);
  }

  /** After a sleep, or with the network back: connects at once where there is no connection that answers. */
  wake() {
    const waiting = [...this.lines.values()].some((line) => line.isSilent(SILENCE_MS));
    if (this.socket && this.open && waiting) this.drop();
    else if (!this.socket) this.start();
  }

  /** Gives up a socket that does not answer any more, and connects again. */
  drop() {
    const socket = this.socket;
    this.onClose();
    socket?.close();
    this.start();
  }

  /** @param {Uint8Array} content */
  take(content) {
    /** @type {{ header: Head | import('./payload.js').CommandResult, floats: Float32Array }} */
    const { header, floats } = unpack(content);
    const line = this.lines.get(header.line);
    if ('obeyed' in header) line?.obeyed(header);
    else line?.take(header, floats);
  }

  /** @param {object} header @param {ArrayLike<number>} [numbers] */
  send(header, numbers) {
    this.socket?.send(pack(header, numbers));
  }
}

/** @template Answer */
export class Line {
  /** @param {Channel} channel @param {number} number @param {string} instrument @param {Listener<Answer>} listener */
  constructor(channel, number, instrument, listener) {
    this.channel = channel;
    this.number = number;
    this.instrument = instrument;
    this.listener = listener;
    /** @type {{ settings: object, language: string } | null} what was asked and is not sent */
    this.newest = null;
    /** @type {{ settings: object, language: string } | null} what was sent and is not answered to the end */
    this.current = null;
    this.underWay = false; // nothing of the answer is here yet
    this.questions = 0;
    this.since = 0; // when
    this.commands = 0;
    this.awaits = 0; // the command that is not answered yet; 0: none
    /** @type {Map<string, { shape: number[], numbers: ArrayLike<number> }>} */
    this.tensors = new Map();
    this.callOff = () => {}; // the look whether the server has fallen silent
  }

  /**
   * Asks; what was asked before and is not sent yet is forgotten.
   *
   * @param {object} settings
   * @param {string} language of sentences in the answer
   */
  ask(settings, language) {
    this.newest = { settings, language };
    this.pump();
  }

  /**
   * Leaves numbers with the server, under a name, for the questions after this one.
   *
   * @param {string} name
   * @param {number[]} shape
   * @param {ArrayLike<number>} numbers
   */
  keep(name, shape, numbers) {
    this.tensors.set(name, { shape, numbers });
    if (this.channel.open) this.channel.send({ line: this.number, keep: name, shape }, numbers);
  }

  /**
   * Commands a run; returns whether it was sent. One at a time, and none is sent again.
   *
   * @param {string} command
   * @param {string} run as its page knows it
   * @param {number | null} value
   * @param {string} language of a refusal
   */
  command(command, run, value, language) {
    if (!this.channel.open || this.awaits) return false;
    this.commands += 1;
    this.awaits = this.commands;
    this.since = this.channel.clock.now();
    this.channel.send({ line: this.number, command, number: this.commands, run, value, language });
    this.listen();
    return true;
  }

  end() {
    this.callOff();
    this.channel.lines.delete(this.number);
    if (this.channel.open) this.channel.send({ line: this.number, leave: true });
  }

  pump() {
    if (!this.channel.open || this.underWay || !this.newest) return;
    this.current = this.newest;
    this.newest = null;
    this.underWay = true;
    this.questions += 1;
    this.since = this.channel.clock.now();
    this.channel.send({ line: this.number, ask: this.instrument, number: this.questions, ...this.current });
    this.listen();
  }

  /** Gives the socket up when the server stays silent. */
  listen() {
    this.callOff();
    this.callOff = this.channel.clock.later(() => this.isSilent(SILENCE_MS) && this.channel.drop(), SILENCE_MS);
  }

  /** @param {Head} header @param {Float32Array} floats */
  take(header, floats) {
    if (header.number !== this.questions) return; // of a stream that a newer question has overtaken
    this.underWay = false;
    if (header.last) this.current = null;
    this.pump(); // first, so that the server computes while this is painted
    this.listener.answer(/** @type {Reply<Answer>} */ (header), floats); // by Python's own types
  }

  /** @param {import('./payload.js').CommandResult} answer */
  obeyed({ obeyed, refusal }) {
    if (obeyed !== this.awaits) return;
    this.awaits = 0;
    this.listener.obeyed?.(refusal);
  }

  onOpen() {
    for (const [name, { shape, numbers }] of this.tensors) {
      this.channel.send({ line: this.number, keep: name, shape }, numbers);
    }
    this.listener.connected?.(true);
    this.pump();
  }

  onClose() {
    this.underWay = false;
    this.newest ??= this.current;
    this.current = null;
    const isUnknown = this.awaits > 0;
    this.awaits = 0;
    this.listener.connected?.(false);
    if (isUnknown) this.listener.unknown?.();
  }

  /** @param {number} ms */
  isSilent(ms) {
    return (this.underWay || this.awaits > 0) && this.channel.clock.now() - this.since >= ms;
  }
}

/** @type {Channel | undefined} */
let ofThisTab;

/** The channel of this tab. */
export function live() {
  if (!ofThisTab) {
    const channel = new Channel(connect, clock, () => dispatchEvent(new Event(BACK)));
    ofThisTab = channel;
    for (const name of ['online', 'pageshow', 'focus']) addEventListener(name, () => channel.wake());
    document.addEventListener('visibilitychange', () => !document.hidden && channel.wake());
  }
  return ofThisTab;
}

/** @param {News} news @returns {Socket} */
function connect({ onOpen, message, onClose }) {
  const url = new URL('live', document.baseURI);
  url.protocol = url.protocol.replace('http', 'ws');
  const token = /(?:^|; )_streamlit_xsrf=([^;]*)/.exec(document.cookie)?.[1];
  const socket = new WebSocket(url, token ? ['stepwise', token] : ['stepwise']);
  socket.binaryType = 'arraybuffer';
  socket.onopen = onOpen;
  socket.onmessage = ({ data }) => message(new Uint8Array(data));
  socket.onclose = ({ code }) => onClose(code);
  return socket;
}
