import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SCALAR_FIELD_ORDER } from '@zkinfer/core';
import { announceSeed, seededRandom } from '@zkinfer/core/testing';
import type { GroupName } from '../curve/point-group.ts';
import { createFixedBasePool } from './create-fixed-base-pool.ts';
import type { FixedBasePool } from './fixed-base-pool.ts';
import { scalarBytes } from './key-scalars.ts';

const random = seededRandom(announceSeed());

async function collect(
  pool: FixedBasePool,
  scalars: Uint8Array,
  group: GroupName = 'g1',
): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const points of pool.multiply(group, scalars)) parts.push(points);
  return Buffer.concat(parts);
}

/** Scalars at the ends of windows, and those whose last addition meets equal or opposite points. */
function edgeScalars(): bigint[] {
  const [r, half] = [SCALAR_FIELD_ORDER, 2n ** 7n];
  const meeting = [252n, 250n, 248n, 245n, 240n].map((bits) => r - 2n * (r % 2n ** bits));
  const powers = Array.from({ length: 253 }, (_, i) => 2n ** BigInt(i));
  return [0n, 1n, half - 1n, half, half + 1n, r - 1n, r - 2n, r - half, ...powers].concat(
    meeting.filter((scalar) => scalar > 0n),
  );
}

for (const group of ['g1', 'g2'] as const) {
  test(`behavior: kernels give the points of bigint arithmetic: ${group}`, async () => {
    const drawn = Array.from({ length: 300 }, () => random.bigint(SCALAR_FIELD_ORDER));
    const scalars = scalarBytes([...edgeScalars(), ...drawn, ...new Array(40).fill(0n)]);
    for (const sizedFor of [100, 2000]) {
      const kernels = await createFixedBasePool(sizedFor, { threads: 2, arithmetic: 'kernels' });
      const twin = await createFixedBasePool(sizedFor, { threads: 1, arithmetic: 'bigint' });
      try {
        const expected = await collect(twin, scalars, group);
        assert.equal(Buffer.compare(await collect(kernels, scalars, group), expected), 0);
        assert.equal(Buffer.compare(await collect(kernels, scalars.slice(), group), expected), 0);
      } finally {
        await kernels.close();
        await twin.close();
      }
    }
  });
}

test('error: kernels refuse work after the pool is closed', async () => {
  const pool = await createFixedBasePool(10, { threads: 1, arithmetic: 'kernels' });
  await pool.close();
  await assert.rejects(collect(pool, scalarBytes([1n])), { code: 'PROVER_ENGINE_CLOSED' });
});

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
