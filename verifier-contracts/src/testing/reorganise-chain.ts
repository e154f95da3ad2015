import { setTimeout as sleep } from 'node:timers/promises';
import type { JsonRpcApiProvider } from 'ethers';

/** Longer than a block takes that is being mined already. */
const SETTLED_MS = 100;

/**
 * Replaces the latest blocks of an anvil by empty ones; their transactions are lost. Nothing is mined
 * meanwhile: a block that anvil mines in the middle of it leaves a chain with blocks missing and
 * transactions that are in it twice, for good (seen with 1.7).
 */
export async function reorganiseChain(
  provider: Pick<JsonRpcApiProvider, 'send'>,
  blocks: number,
): Promise<void> {
  const isAutomatic: boolean = await provider.send('anvil_getAutomine', []);
  const interval: number | null = await provider.send('anvil_getIntervalMining', []);
  await provider.send('evm_setAutomine', [false]);
  if (interval !== null) await provider.send('evm_setIntervalMining', [0]);
  await sleep(SETTLED_MS);
  await provider.send('anvil_reorg', [blocks, []]);
  if (interval !== null) await provider.send('evm_setIntervalMining', [interval]);
  else if (isAutomatic) await provider.send('evm_setAutomine', [true]);
}
