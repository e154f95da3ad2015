import assert from 'node:assert/strict';
import { test } from 'node:test';
import { renderFacts, renderTable } from './render-table.ts';

test('columns are as wide as they need be, numbers to the right, no space at the ends of lines', () => {
  const columns = [{ heading: 'layer' }, { heading: 'rows', align: 'right' as const }];
  const text = renderTable(columns, [
    ['conv1/relu', '78,336'],
    ['all', ''],
  ]);
  assert.deepEqual(text.split('\n'), [
    'layer         rows',
    '──────────  ──────',
    'conv1/relu  78,336',
    'all',
  ]);
});

test('facts have their values in one column', () => {
  const facts = [
    ['key', '60 MB'],
    ['proof', '256 B'],
  ] as const;
  assert.equal(renderFacts(facts), 'key    60 MB\nproof  256 B');
});
