import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { canonicalJson } from '../artifacts/canonical-json.ts';
import { statementVectors } from './statement-vectors.ts';

test('the committed vectors are those that the code gives (npm run gen -w core)', () => {
  const committed = new URL('../../src/statement/statement.vectors.json', import.meta.url);
  assert.equal(readFileSync(committed, 'utf8'), canonicalJson(statementVectors()));
});
