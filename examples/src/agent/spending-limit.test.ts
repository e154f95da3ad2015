import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { SpendingLimit } from './spending-limit.ts';

const ALLOWANCE = { perRequest: 10n, total: 25n };
const OVER = { code: 'EXAMPLES_OVER_LIMIT' };

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zkinfer-limit-'));
});
after(() => rm(folder, { recursive: true }));

test('no request may cost more than its limit, nor all together more than theirs', async () => {
  const limit = await SpendingLimit.open(join(folder, 'a.json'), ALLOWANCE);
  await assert.rejects(limit.spend(11n), OVER);
  await assert.rejects(limit.spend(-1n), OVER);
  await limit.spend(10n);
  await limit.spend(10n);
  assert.equal(limit.left, 5n);
  await assert.rejects(limit.spend(6n), OVER);
  await limit.spend(5n);
  assert.deepEqual([limit.spent, limit.left], [25n, 0n]);
  await assert.rejects(limit.spend(1n), OVER);
});

test('a restart does not reset it, a lower limit holds at once', async () => {
  const path = join(folder, 'b.json');
  await (await SpendingLimit.open(path, ALLOWANCE)).spend(9n);
  assert.equal((await SpendingLimit.open(path, ALLOWANCE)).spent, 9n);
  assert.equal((await SpendingLimit.open(path, { perRequest: 10n, total: 5n })).left, 0n);
});

test('what two requests at once would spend together is counted together', async () => {
  const limit = await SpendingLimit.open(join(folder, 'c.json'), { perRequest: 10n, total: 15n });
  const outcomes = await Promise.allSettled([limit.spend(10n), limit.spend(10n)]);
  assert.deepEqual(
    outcomes.map(({ status }) => status),
    ['fulfilled', 'rejected'],
  );
});

test('a damaged record is refused, and not overwritten', async () => {
  for (const text of ['', '{}', '{"spent":1}', '{"spent":"-1"}', '{"spent":"1","more":1}']) {
    const path = join(folder, 'd.json');
    await writeFile(path, text);
    await assert.rejects(SpendingLimit.open(path, ALLOWANCE), { name: 'InputError' });
    assert.equal(await readFile(path, 'utf8'), text);
  }
});
