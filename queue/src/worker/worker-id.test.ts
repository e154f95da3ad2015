import assert from 'node:assert/strict';
import { test } from 'node:test';
import { workerIdOf } from './worker-id.ts';

const VALID = /^[a-z0-9][a-z0-9-]{0,79}$/;

for (const host of ['gpu-3', 'GPU_3.example.org', '-x-', '', 'Ä', 'h'.repeat(300)]) {
  test(`the host "${host.slice(0, 20)}" gives a name that workers may have`, () => {
    assert.match(workerIdOf('embedded', host), VALID);
  });
}

test('two workers of one host have two names', () => {
  assert.notEqual(workerIdOf('worker', 'h'), workerIdOf('worker', 'h'));
});
