import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keccak_256 } from '@noble/hashes/sha3.js';
import { BINDER_DOMAIN, type BinderTerms, binder } from './binder.ts';

const terms: BinderTerms = {
  chainId: 31337n,
  coprocessor: '0x5FbDB2315678afecb367f032d93F642f64180aa3',
  requestId: `0x${'1f'.repeat(32)}`,
  modelId: `0x${'e0'.repeat(32)}`,
  payee: '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266',
};

/** abi.encode written out by hand, over Buffer. */
function independentBinder(): bigint {
  const padded = (hex: string) => hex.slice(2).toLowerCase().padStart(64, '0');
  const words = [
    Buffer.from(keccak_256(Buffer.from('zkinfer.binder.v1'))).toString('hex'),
    terms.chainId.toString(16).padStart(64, '0'),
    padded(terms.coprocessor),
    padded(terms.requestId),
    padded(terms.modelId),
    padded(terms.payee),
  ];
  const hash = Buffer.from(keccak_256(Buffer.from(words.join(''), 'hex'))).toString('hex');
  return BigInt(`0x${hash}`) / 8n;
}

test('is the top 253 bits of the hash of six words', () => {
  assert.equal(binder(terms), independentBinder());
  assert.ok(binder(terms) < 2n ** 253n);
});

test('the hash is Keccak-256, not SHA3-256', () => {
  // Source: the empty code hash of EIP-1052.
  const empty = 'c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470';
  assert.equal(Buffer.from(keccak_256(new Uint8Array())).toString('hex'), empty);
  assert.match(BINDER_DOMAIN, /^0x[0-9a-f]{64}$/);
});

test('letters of either case are the same address', () => {
  const lower = { ...terms, payee: terms.payee.toLowerCase() };
  assert.equal(binder(lower), binder(terms));
});

test('every term changes the binder', () => {
  const changed: Partial<BinderTerms>[] = [
    { chainId: 1n },
    { coprocessor: terms.payee },
    { requestId: terms.modelId },
    { modelId: terms.requestId },
    { payee: terms.coprocessor },
  ];
  const binders = changed.map((change) => binder({ ...terms, ...change }));
  assert.equal(new Set([binder(terms), ...binders]).size, 6);
});

test('malformed terms are refused', () => {
  const malformed: Partial<BinderTerms>[] = [
    { chainId: -1n },
    { chainId: 2n ** 256n },
    { coprocessor: terms.coprocessor.slice(2) },
    { coprocessor: `${terms.coprocessor}00` },
    { requestId: '0x1f' },
    { modelId: `0x${'g0'.repeat(32)}` },
    { payee: `${terms.payee}\n` },
  ];
  for (const change of malformed) {
    assert.throws(() => binder({ ...terms, ...change }), { code: 'CORE_BINDER_TERM' });
  }
});
