import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SCALAR_FIELD_ORDER } from '@zkinfer/core';
import { announceSeed, seededRandom } from '@zkinfer/core/testing';
import { createFixedBasePool, type FixedBasePool } from './fixed-base-pool.ts';
import { scalarBytes } from './key-scalars.ts';

const random = seededRandom(announceSeed());

async function collect(pool: FixedBasePool, scalars: Uint8Array): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const points of pool.multiply('g1', scalars)) parts.push(points);
  return Buffer.concat(parts);
}

test('behavior: threads give the points that one thread gives, in the same order', async () => {
  const scalars = scalarBytes(
    Array.from({ length: 9000 }, () => random.bigint(SCALAR_FIELD_ORDER)),
  );
  const single = await createFixedBasePool(9000, { threads: 1, arithmetic: 'bigint' });
  const threaded = await createFixedBasePool(9000, { threads: 2, arithmetic: 'bigint' });
  try {
    const expected = await collect(single, scalars);
    assert.equal(Buffer.compare(await collect(threaded, scalars), expected), 0);
    assert.equal(expected.length, 9000 * 64);
  } finally {
    await threaded.close();
    await single.close();
  }
});

test('error: a thread that dies ends the work with a typed error', async () => {
  const pool = await createFixedBasePool(9000, { threads: 2, arithmetic: 'bigint' });
  try {
    // Not a multiple of 32 bytes: the kernel throws inside the thread.
    await assert.rejects(collect(pool, new Uint8Array(32 * 5000 + 7)), {
      code: 'PROVER_WORKER_FAILED',
    });
    await assert.rejects(collect(pool, new Uint8Array(32)), { code: 'PROVER_WORKER_FAILED' });
  } finally {
    await pool.close();
  }
});
