import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pictureOf } from './picture-of-run.mjs';

test('shows what the command printed, escaped, without npm, the build and terminal escapes', () => {
  const svg = pictureOf(
    '\n> zkinfer start\nBuilt in 1 s.\n\u001b[32m$ a < b & c\u001b[0m\nValid.\n',
  );
  assert.match(svg, />\$ a &lt; b &amp; c<\/text>/);
  assert.match(svg, />Valid\.<\/text>/);
  assert.doesNotMatch(svg, /start<|Built in 1|\[32m/);
});

test('wraps lines that are too long, between words where it can', () => {
  const svg = pictureOf(`${'word '.repeat(40)}\n${'x'.repeat(200)}\n`);
  for (const [, text] of svg.matchAll(/>([^<>]*)<\/text>/g)) assert.ok(text.length <= 108, text);
  assert.doesNotMatch(svg, /wor<|>\s*ord/);
});
