import assert from 'node:assert/strict';
import { test } from 'node:test';
import { renderTable } from './render-markdown.ts';

const columns = [
  { title: 'name', align: 'left' },
  { title: 'time', align: 'right' },
] as const;

test('columns are as wide as their widest cell, numbers aligned right', () => {
  const rows = [
    ['a', '1 ms'],
    ['longer', '1234 ms'],
  ];
  assert.equal(
    renderTable({ columns, rows }),
    [
      '| name   |    time |',
      '| ------ | ------: |',
      '| a      |    1 ms |',
      '| longer | 1234 ms |',
    ].join('\n'),
  );
});

test('a bar in a cell does not end it', () => {
  assert.match(renderTable({ columns, rows: [['a|b', '1']] }), /\| a\\\|b \|/);
});

test('a row of another length is refused', () => {
  assert.throws(() => renderTable({ columns, rows: [['a']] }), RangeError);
});
