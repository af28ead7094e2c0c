// @ts-check
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { translation } from '../../static/js/frame/streamlit_words.js';

const WORDS = {
  Dark: '深色',
  'Help for {name}': '{name}的说明',
  '{size} per file': '每个文件最大 {size}',
};

test('a word is another one, a name in it stays, and what is not known is given back', () => {
  const translate = translation(WORDS);
  assert.equal(translate('Dark'), '深色');
  assert.equal(translate('Help for 批大小'), '批大小的说明');
  assert.equal(translate('5MB per file'), '每个文件最大 5MB');
  for (const text of ['Darker', 'Help', 'for nothing', '']) assert.equal(translate(text), text);
  assert.equal(translation({})('Dark'), 'Dark');
});
