import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MemoryStore } from '../testing/memory-store.ts';
import { Leases, signerLeaseName } from './leases.ts';
import type { CommitResult, StoreOperation } from './store.ts';

/** Lets something happen between what a method read and what it commits. */
class InterruptedStore extends MemoryStore {
  beforeNextCommit: (() => Promise<void>) | undefined;

  override async commit(operations: readonly StoreOperation[]): Promise<CommitResult> {
    const interruption = this.beforeNextCommit;
    this.beforeNextCommit = undefined;
    await interruption?.();
    return super.commit(operations);
  }
}

function setUp() {
  const clock = { now: 1_000 };
  const store = new MemoryStore();
  return { clock, store, leases: new Leases(store, () => clock.now) };
}

test('one holder at a time, until it gives the lease back', async () => {
  const { leases } = setUp();
  const first = (await leases.acquire('x', 'one', 100))!;
  assert.equal(await leases.acquire('x', 'two', 100), undefined);
  assert.equal(await leases.acquire('x', 'one', 100), undefined);
  assert.ok(await leases.acquire('y', 'two', 100));
  await leases.release(first);
  assert.ok((await leases.acquire('x', 'two', 100))!.token > first.token);
});

test('of many at once, one gets it', async () => {
  const { leases } = setUp();
  const tries = ['a', 'b', 'c', 'd'].map((holder) => leases.acquire('x', holder, 100));
  assert.equal((await Promise.all(tries)).filter((lease) => lease !== undefined).length, 1);
});

test('it runs out at its time and no sooner, and renewing gives more', async () => {
  const { clock, leases } = setUp();
  const lease = (await leases.acquire('x', 'one', 100))!;
  clock.now += 99;
  assert.equal(await leases.acquire('x', 'two', 100), undefined);
  assert.ok(await leases.renew(lease, 100));
  clock.now += 99;
  assert.equal(await leases.acquire('x', 'two', 100), undefined);
  clock.now += 1;
  assert.ok(await leases.acquire('x', 'two', 100));
});

test('a lease that is renewed while another tries to take it stays', async () => {
  const clock = { now: 1_000 };
  const store = new InterruptedStore();
  const leases = new Leases(store, () => clock.now);
  const lease = (await leases.acquire('x', 'one', 100))!;
  clock.now += 100;
  store.beforeNextCommit = async () => {
    assert.ok(await leases.renew(lease, 100));
  };
  assert.equal(await leases.acquire('x', 'two', 100), undefined);
  assert.ok(await leases.renew(lease, 100));
});

test('a holder that was overtaken can neither write under its guard, renew nor release', async () => {
  const { clock, store, leases } = setUp();
  const old = (await leases.acquire('x', 'one', 100))!;
  const write = () => store.commit([leases.guard(old), { type: 'put', key: 'nonce', value: 1 }]);
  await leases.renew(old, 100);
  assert.equal((await write()).committed, true);
  clock.now += 100;
  const lease = (await leases.acquire('x', 'two', 100))!;
  assert.equal((await write()).committed, false);
  assert.equal(await leases.renew(old, 100), undefined);
  await leases.release(old);
  assert.equal(await leases.acquire('x', 'three', 100), undefined);
  assert.ok(await leases.renew(lease, 100));
});

test('a signer has one lease on a chain, however its address is written', () => {
  assert.equal(signerLeaseName(1n, '0xAb'), signerLeaseName(1n, '0xaB'));
  assert.notEqual(signerLeaseName(1n, '0xab'), signerLeaseName(10n, '0xab'));
});
