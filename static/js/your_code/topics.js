// @ts-check
// What the page Your code and its invisible half send each other.

import { Topic } from '../lib/topic.js';

/** @type {Topic<[question: import('./opened_cell.js').Question & { job: number }]>} opens a cell */
export const questions = new Topic();

/** @type {Topic<[answer: import('./payload.js').AnswerData]>} the arithmetic of a cell */
export const answers = new Topic();
