import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drawPicture } from './draw-picture.ts';

const PICTURE = { width: 4, height: 3, data: [0, 255, 0, 255, 0, 0, 255, 255, 200, 0, 0, 0] };

test('two rows of pixels share a line, an odd last row stands alone', () => {
  assert.deepEqual(drawPicture(PICTURE, false), [' ▀▄█', '▀   ']);
});

test('with colours the greys go from 232 to 255, and each line ends them', () => {
  const [first] = drawPicture(PICTURE, true);
  assert.ok(first!.startsWith('\u001b[38;5;232;48;5;232m▀\u001b[38;5;255;48;5;232m▀'));
  assert.ok(first!.endsWith('\u001b[0m'));
});
