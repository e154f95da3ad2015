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
  for (const [, text] of svg.matchAll(/>([^<>]*)<\/text>/g)) assert.ok(text.length <= 112, text);
  assert.doesNotMatch(svg, /wor<|>\s*ord/);
});

test('a long table is folded, a short one is not, and nothing after the summary is drawn', () => {
  const table = (rows) => ['name  bits', '────  ────', ...rows.map((i) => `row ${i}   8`), ''];
  const long = table(Array.from({ length: 9 }, (_, i) => i)).join('\n');
  const picture = pictureOf(`${long}\nSummary\n\nWhat to try next\n\n  more\n`);
  assert.match(picture, /row 3 .*\n.*>⋮<.*\n.*row 5 /);
  assert.doesNotMatch(picture, /row 4 |What to try next|more/);
  const short = table(Array.from({ length: 8 }, (_, i) => i)).join('\n');
  assert.match(pictureOf(short), /row 4 /);
  assert.doesNotMatch(pictureOf(short), /⋮/);
});
