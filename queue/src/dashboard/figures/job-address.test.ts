import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jobFragment, jobOfFragment, searchTarget } from './job-address.ts';

const REQUEST = 'Ab'.repeat(32);

test('the id of a request is known with and without 0x, in letters of any case', () => {
  const found = { kind: 'request', requestId: `0x${'ab'.repeat(32)}` };
  assert.deepEqual(searchTarget(` ${REQUEST}\n`), found);
  assert.deepEqual(searchTarget(`0x${REQUEST}`), found);
});

test('the id of a job is known', () => {
  const id = `r-31337-${'ab'.repeat(32)}`;
  assert.deepEqual(searchTarget(id), { kind: 'job', id });
});

for (const text of ['', '../../healthz', '0x12', 'h 12', '<b>', `r-${'a'.repeat(130)}`]) {
  test(`${JSON.stringify(text)} is no id`, () => {
    assert.deepEqual(searchTarget(text), { kind: 'nothing' });
  });
}

test('an address leads back to its job', () => {
  assert.equal(jobOfFragment(jobFragment('h-1 /%')), 'h-1 /%');
});

for (const fragment of ['', '#workers', '#/jobs/', '#/jobs/%E0%A4%A']) {
  test(`the address ${fragment || 'without a fragment'} names no job`, () => {
    assert.equal(jobOfFragment(fragment), undefined);
  });
}
