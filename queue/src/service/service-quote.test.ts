import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SILENT_LOGGER } from '@zkinfer/core';
import { QuoteSchema, readSchema } from '@zkinfer/core/service';
import { type QuoteSources, serviceQuote } from './service-quote.ts';

const MODEL = 'ab'.repeat(32);
const NOW = 1_000_000;

const CHAIN_QUOTE = {
  chainId: '5',
  modelId: `0x${'cd'.repeat(32)}`,
  workerFee: '100',
  modelPrice: '7',
  earliestDeadline: 2_000,
};

const sources = (chains: QuoteSources['chains'] = []): QuoteSources => ({
  costs: {
    expectation: async (modelDigest) =>
      modelDigest === MODEL
        ? { waitMs: 1_000, inferMs: 20, proveMs: 300, waitingJobs: 4 }
        : undefined,
  },
  chains,
  logger: SILENT_LOGGER,
});

test('a quote adds up waiting, inference and proof, and names what each chain asks', async () => {
  const served = { chainId: 5n, quote: async () => CHAIN_QUOTE };
  const unserved = { chainId: 6n, quote: async () => undefined };
  const quote = await serviceQuote(MODEL, sources([served, unserved]), NOW);
  readSchema(QuoteSchema, quote, 'a quote');
  assert.deepEqual([quote.expectedMs, quote.proofMs, quote.waitingJobs], [1_320, 300, 4]);
  assert.deepEqual(quote.chains, [CHAIN_QUOTE]);
  assert.ok(quote.validUntil > NOW);
});

test('a chain that fails is left out, the others are not', async () => {
  const broken = { chainId: 6n, quote: () => Promise.reject(new Error('away')) };
  const served = { chainId: 5n, quote: async () => CHAIN_QUOTE };
  const quote = await serviceQuote(MODEL, sources([broken, served]), NOW);
  assert.deepEqual(quote.chains, [CHAIN_QUOTE]);
});

test('a model that is not served has no quote', async () => {
  const asked = serviceQuote('ef'.repeat(32), sources(), NOW);
  await assert.rejects(asked, { code: 'QUEUE_MODEL_UNKNOWN' });
});
