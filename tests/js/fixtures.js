// @ts-check
// What Python wrote for these tests: tests/js_fixtures.py.

import { readFileSync } from 'node:fs';

/** @typedef {import('./payload.js').Fixtures} Fixtures */

const file = process.env.STEPWISE_FIXTURES;
if (!file) throw new Error('STEPWISE_FIXTURES names no file: run pytest tests/test_javascript.py');

/** @type {Fixtures} */
export const fixtures = JSON.parse(readFileSync(file, 'utf8'));
