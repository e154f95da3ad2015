/**
 * Gas of fulfilments. Measured on anvil with one output word, intrinsic gas and calldata included:
 * fulfill 403,028 (454,316 for a payee's first); fulfillBatch of n under one key 634,985 (2),
 * 1,021,140 (4), 1,793,709 (8), 3,339,912 (16), and 407,617 for one alone.
 */

/** `fulfill` without a callback. */
export const FULFIL_GAS = { first: 455_000n, later: 404_000n } as const;

/**
 * `fulfillBatch`: once; for each item that is alone under its key; for each key with several, and
 * for each of these.
 */
const BATCH_GAS = { fixed: 26_000n, alone: 382_000n, key: 223_000n, item: 193_500n } as const;

/** A lone `refund`, and a `withdraw`, with the transaction's own 21,000. */
export const REFUND_GAS = 110_000n;
export const WITHDRAW_GAS = 60_000n;

/** EIP-7825: the most gas that a transaction may ask for. */
export const TRANSACTION_GAS_CAP = 1n << 24n;

/** MAX_BATCH of the contract. */
export const LARGEST_BATCH = 16;

/**
 * What a callback takes beyond what the callee burns: RECORD_CALLBACK_GAS of the contract, and the
 * call itself with its data.
 */
const CALLBACK_OVERHEAD = 90_000n;

/**
 * Gas that must be there for a callback with this limit, whatever it burns; 0 without one. The call
 * keeps back a 63rd (EIP-150).
 */
export function callbackGas(limit: bigint): bigint {
  return limit === 0n ? 0n : limit + limit / 63n + CALLBACK_OVERHEAD;
}

/**
 * Gas of a batch without its callbacks.
 * @param keys of each item: what it is verified under
 */
export function batchGas(keys: readonly string[]): bigint {
  const sizes = new Map<string, number>();
  for (const key of keys) sizes.set(key, (sizes.get(key) ?? 0) + 1);
  const groups = [...sizes.values()].map((size) =>
    size === 1 ? BATCH_GAS.alone : BATCH_GAS.key + BATCH_GAS.item * BigInt(size),
  );
  return groups.reduce((sum, gas) => sum + gas, BATCH_GAS.fixed);
}

/** Whether one batch takes less gas than each item alone. */
export function isBatchCheaper(keys: readonly string[]): boolean {
  return batchGas(keys) < BigInt(keys.length) * FULFIL_GAS.later;
}
