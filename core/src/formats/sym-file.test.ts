import assert from 'node:assert/strict';
import { test } from 'node:test';
import { writeSym } from './sym-file.ts';

test('behavior: one line for each wire but the constant', () => {
  assert.equal(
    writeSym(['one', 'main.outputHash', 'main.bits[0]']),
    '1,1,0,main.outputHash\n2,2,0,main.bits[0]\n',
  );
  assert.equal(writeSym(['one']), '');
});

test('error: names that would break a line apart', () => {
  for (const name of ['', 'a,b', 'a b', 'a\n']) {
    assert.throws(() => writeSym(['one', name]), { code: 'CORE_SYM_NAME' });
  }
});
