import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { SILENT_LOGGER } from '@zkinfer/core';
import { announceSeed, seededRandom, waitUntil } from '@zkinfer/core/testing';
import { LocalChain } from '@zkinfer/verifier-contracts/node';
import { GOOD, RpcProxy } from '../testing/rpc-proxy.ts';
import { CloseInOrder } from './close-in-order.ts';
import { openEndpoints } from './open-endpoints.ts';

const DOWN = { ...GOOD, refused: 1 };
const random = seededRandom(announceSeed());

let chain: LocalChain;
let [good, bad]: RpcProxy[] = [];
let parts: CloseInOrder;
let warned: string[];

before(async () => {
  chain = await LocalChain.start();
  good = await RpcProxy.start(chain.url, random);
  bad = await RpcProxy.start(chain.url, random);
});
after(async () => {
  await good!.stop();
  await bad!.stop();
  await chain.stop();
});

interface Circumstances {
  readonly patienceMs?: number;
  readonly signal?: AbortSignal;
}

/** Both endpoints, the bad one first; closed after `use`. */
async function withEndpoints(
  circumstances: Circumstances,
  use: (opened: ReturnType<typeof openEndpoints>) => Promise<void>,
  chainId?: number,
): Promise<void> {
  warned = [];
  const warn = (_: object, what: string) => warned.push(what);
  const logger = { ...SILENT_LOGGER, warn };
  parts = new CloseInOrder(logger);
  const { patienceMs = 0, signal = new AbortController().signal } = circumstances;
  const config = {
    rpc: [bad!.url, good!.url],
    ...(chainId === undefined ? {} : { chainId }),
  };
  const patience = { patienceMs, signal, logger };
  try {
    await use(openEndpoints(config, { patience, logger, parts, retryMs: 50 }));
  } finally {
    await parts.close();
    good!.faults = GOOD;
    bad!.faults = GOOD;
  }
}

test('one that is away at the start is used from when it answers', async () => {
  bad!.faults = DOWN;
  await withEndpoints({}, async (opened) => {
    const node = await opened;
    assert.equal((await node.head()).number, 0);
    await waitUntil(() => warned.length > 1);
    bad!.faults = GOOD;
    good!.faults = DOWN;
    await waitUntil(async () => {
      const head = await node.head().catch(() => undefined);
      return head?.number === 0;
    });
  });
});

test('while none answers they are waited for, until patience is at an end', async () => {
  bad!.faults = DOWN;
  good!.faults = DOWN;
  await withEndpoints({ patienceMs: 60_000 }, async (opened) => {
    await waitUntil(() => warned.length > 1);
    bad!.faults = GOOD;
    assert.equal((await opened).chainId, 31337n);
  });
  bad!.faults = DOWN;
  good!.faults = DOWN;
  await withEndpoints({ patienceMs: 300 }, async (opened) => {
    await assert.rejects(opened, { code: 'CONTRACTS_RPC_UNREACHABLE' });
    assert.ok(warned.length >= 1);
  });
});

test('who asks to stop meanwhile need not wait', async () => {
  bad!.faults = DOWN;
  good!.faults = DOWN;
  const stop = new AbortController();
  await withEndpoints({ patienceMs: 3_600_000, signal: stop.signal }, async (opened) => {
    opened.catch(() => {});
    await waitUntil(() => warned.length > 0);
    stop.abort();
    await assert.rejects(opened, { code: 'CONTRACTS_RPC_UNREACHABLE' });
  });
});

test('another chain than the configured one is no matter of patience', async () => {
  await withEndpoints(
    { patienceMs: 3_600_000 },
    (opened) => assert.rejects(opened, { code: 'CONTRACTS_WRONG_CHAIN' }),
    1,
  );
});

test('one of another chain is refused at the start, and never used when it answers later', async () => {
  const other = await LocalChain.start();
  await other.provider.send('anvil_setChainId', [4711]);
  const away = await RpcProxy.start(other.url, random);
  const codes: unknown[] = [];
  const warn = (fields: object) => codes.push((fields as { code?: string }).code);
  const logger = { ...SILENT_LOGGER, warn };
  const patience = { patienceMs: 0, signal: new AbortController().signal, logger };
  parts = new CloseInOrder(logger);
  try {
    const open = () =>
      openEndpoints({ rpc: [good!.url, away.url] }, { patience, logger, parts, retryMs: 50 });
    await assert.rejects(open(), { code: 'CONTRACTS_WRONG_CHAIN' });
    away.faults = DOWN;
    const node = await open();
    away.faults = GOOD;
    await waitUntil(() => codes.includes('CONTRACTS_WRONG_CHAIN'));
    good!.faults = DOWN;
    await assert.rejects(node.head(), { code: 'CONTRACTS_RPC_FAILED' });
  } finally {
    good!.faults = GOOD;
    await parts.close();
    await away.stop();
    await other.stop();
  }
});
