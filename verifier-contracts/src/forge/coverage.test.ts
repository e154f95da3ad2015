import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseLcov, sumOf } from './coverage.ts';

const REPORT = `TN:
SF:contracts/A.sol
DA:3,10
FN:3,A.f
FNDA:10,A.f
DA:4,0
BRDA:4,0,0,7
BRDA:4,0,1,-
BRDA:5,1,0,0
end_of_record
TN:
SF:contracts/libraries/B.sol
DA:9,1
end_of_record
`;

test('lines and branches that were reached are counted, file by file', () => {
  assert.deepEqual(parseLcov(REPORT), [
    {
      path: 'contracts/A.sol',
      lines: { reached: 1, total: 2 },
      branches: { reached: 1, total: 3 },
    },
    {
      path: 'contracts/libraries/B.sol',
      lines: { reached: 1, total: 1 },
      branches: { reached: 0, total: 0 },
    },
  ]);
});

test('an empty report has no files', () => {
  assert.deepEqual(parseLcov(''), []);
});

test('files are summed', () => {
  const lines = parseLcov(REPORT).map((file) => file.lines);
  assert.deepEqual(sumOf(lines), { reached: 2, total: 3 });
});
