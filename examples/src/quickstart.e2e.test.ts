import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const QUICKSTART = fileURLToPath(new URL('./quickstart.js', import.meta.url));
const ARTIFACTS = fileURLToPath(new URL('../../artifacts/mnist-lenet5', import.meta.url));

function quickstart(...args: string[]): string {
  const options = { encoding: 'utf8', env: { ...process.env, NO_COLOR: '1' } } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, [QUICKSTART, ...args], options);
  assert.equal(status, 0, `${stdout}${stderr}`);
  return stdout;
}

before(() => rmSync(ARTIFACTS, { recursive: true, force: true }));

test('the quickstart classifies, proves and verifies a digit, by snarkjs too', () => {
  const text = quickstart();
  assert.match(text, /▀{4}█{5}/, 'the digit is drawn');
  assert.match(text, /predicted class +7 \(probability 9\d/);
  assert.match(text, /✓ the proof holds for this model/);
  assert.match(text, /snarkJS.*OK!/);
  for (const stage of ['compile', 'setup', 'prove', 'verify', 'verify \\(snarkjs\\)']) {
    assert.match(text, new RegExp(`^  ${stage} +\\d+\\.\\d s$`, 'm'));
  }
  assert.match(text, /^ {2}circuit +\d{2,3},\d{3} rows$/m);
  assert.match(text, /^ {2}proving key +\d+\.\d MB$/m);
});

test('a second run repeats no work that is done', () => {
  const text = quickstart();
  for (const stage of ['compile', 'setup', 'prove']) {
    assert.match(text, new RegExp(`^  ${stage} +done before$`, 'm'));
  }
  assert.match(text, /snarkJS.*OK!/);
});
