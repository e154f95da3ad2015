import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Batchable, planBatches } from './plan-batches.ts';

const LIMITS = { largestBatch: 4, batchGas: 8_000_000n };

interface Named extends Batchable {
  readonly name: string;
}

function item(name: string, modelId = 'm', callbackGasLimit = 0n): Named {
  return { name, modelId, gas: 400_000n, callbackGasLimit, paysForItself: true };
}

const namesOf = (groups: readonly (readonly Named[])[]) =>
  groups.map((group) => group.map(({ name }) => name).join(''));

test('one alone stays alone, several are sent together', () => {
  assert.deepEqual(namesOf(planBatches([item('a')], LIMITS)), ['a']);
  assert.deepEqual(namesOf(planBatches([item('a'), item('b')], LIMITS)), ['ab']);
  assert.deepEqual(planBatches([], LIMITS), []);
});

test('a batch has no more items than allowed', () => {
  const items = [...'abcdef'].map((name) => item(name));
  assert.deepEqual(namesOf(planBatches(items, LIMITS)), ['abcd', 'ef']);
});

test('callbacks count with their limits against the gas of a batch', () => {
  const items = [...'abc'].map((name) => item(name, 'm', 1_000_000n));
  const one = 400_000n + 1_000_000n + 15_873n + 90_000n;
  assert.deepEqual(namesOf(planBatches(items, { ...LIMITS, batchGas: 3n * one })), ['abc']);
  assert.deepEqual(namesOf(planBatches(items, { ...LIMITS, batchGas: 3n * one - 1n })), [
    'ab',
    'c',
  ]);
});

test('those of one model are put together', () => {
  const items = [item('a', 'x'), item('b', 'y'), item('c', 'x'), item('d', 'y')];
  assert.deepEqual(namesOf(planBatches(items, { ...LIMITS, largestBatch: 2 })), ['ac', 'bd']);
});

test('what does not pay for itself keeps no other waiting, and is paid for by none', () => {
  const items = [...'abcd'].map((name) => ({ ...item(name), paysForItself: name !== 'b' }));
  assert.deepEqual(namesOf(planBatches(items, LIMITS)), ['acd', 'b']);
});
