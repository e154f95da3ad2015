import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AbiCoder, Interface } from 'ethers';
import { DEPLOYED_INTERFACES } from '../deployment/deployed-artifacts.ts';
import { InferenceCoprocessor } from '../generated/inference-coprocessor.ts';
import { decodeRevert, revertErrorOf } from './decode-revert.ts';
import { RevertError } from './revert-error.ts';
import { REVERT_TEXTS } from './revert-texts.ts';

const coprocessor = new Interface(InferenceCoprocessor.abi);
const ID = `0x${'1f'.repeat(32)}`;

/** Errors of OpenZeppelin's contracts: they are named, not explained. */
const FOREIGN = /^(Timelock|AccessControl|FailedCall|SafeERC20|ReentrancyGuard)/;

test('every custom error of ours has a text, and no text is for an error that is gone', () => {
  const names = new Set<string>();
  for (const { abi } of Object.values(DEPLOYED_INTERFACES)) {
    new Interface(abi).forEachError(({ name }) => names.add(name));
  }
  const own = [...names].filter((name) => !FOREIGN.test(name)).sort();
  assert.deepEqual(
    own.filter((name) => REVERT_TEXTS[name] === undefined),
    [],
  );
  assert.deepEqual(
    Object.keys(REVERT_TEXTS).filter((name) => !names.has(name)),
    [],
  );
});

test('a custom error becomes a code, with what it says in words', () => {
  const error = revertErrorOf(
    coprocessor.encodeErrorResult('DeadlinePassed', [ID, 1_800_000_000n]),
  );
  assert.ok(error instanceof RevertError);
  assert.equal(error.code, 'CONTRACTS_DEADLINE_PASSED');
  assert.deepEqual(error.revert, {
    name: 'DeadlinePassed',
    args: { requestId: ID, effectiveDeadline: 1_800_000_000n },
  });
  assert.match(error.expected!, /2027-01-15T08:00:00/);
});

test('what Solidity itself reverts with is named', () => {
  const coder = AbiCoder.defaultAbiCoder();
  const text = `0x08c379a0${coder.encode(['string'], ['why']).slice(2)}`;
  assert.deepEqual(decodeRevert(text), { name: 'Error', args: { reason: 'why' } });
  const panic = `0x4e487b71${coder.encode(['uint256'], [17]).slice(2)}`;
  assert.equal(revertErrorOf(panic).code, 'CONTRACTS_PANIC');
});

test('foreign, empty and broken data are an unknown revert', () => {
  const broken = coprocessor.encodeErrorResult('DeadlinePassed', [ID, 1n]).slice(0, 40);
  for (const data of ['0x', '0xdeadbeef', broken]) {
    assert.equal(decodeRevert(data), undefined);
    assert.equal(revertErrorOf(data).code, 'CONTRACTS_UNKNOWN_REVERT');
  }
});
