/** What the chain asks for: the real contracts on a local node, alone and in batches. */
import { encodeProof, type TransactionReceipt } from '@zkinfer/verifier-contracts';
import { TestMarket } from '@zkinfer/verifier-contracts/testing';
import type { GasSample } from './study-run.ts';

/** Proofs in a transaction. */
export const BATCHES = [1, 2, 4, 8, 16] as const;

/**
 * Deploys, requests and settles. Proofs are made with the secrets of a key of the node's own, which
 * the verifier cannot tell from others.
 * @throws EnvironmentError CONTRACTS_FOUNDRY_MISSING, CONTRACTS_LOCAL_CHAIN_FAILED; as `onChain`
 */
export async function measureGas(batches: readonly number[] = BATCHES): Promise<GasSample[]> {
  const market = await TestMarket.start();
  try {
    const samples: GasSample[] = [];
    for (const batch of batches) {
      samples.push({ call: 'verify', batch, gasUsed: await verifyGas(market, batch) });
      samples.push({ call: 'fulfill', batch, gasUsed: await fulfillGas(market, batch) });
    }
    return samples;
  } finally {
    await market.chain.stop();
  }
}

async function verifyGas(market: TestMarket, batch: number): Promise<number> {
  const { contract } = market.verifier(market.accounts.worker);
  const items = Array.from({ length: batch }, (_, i) => [BigInt(i + 1), 2n, 3n]);
  const proofs = await Promise.all(items.map((signals) => market.prover.prove(signals)));
  const encoded = proofs.map(encodeProof);
  const call =
    batch === 1
      ? await contract.verify.populateTransaction(market.keyHash, encoded[0]!, items[0]!)
      : await contract.verifyBatch.populateTransaction(market.keyHash, encoded, items);
  const sent = await market.accounts.worker.sendTransaction(call);
  return gasOf(await sent.wait());
}

async function fulfillGas(market: TestMarket, batch: number): Promise<number> {
  const { requester, worker } = market.accounts;
  const payee = await worker.getAddress();
  const registry = market.registry(requester);
  const requesting = market.coprocessor(requester);
  const items = [];
  for (let i = 0; i < batch; i++) {
    const plan = await requesting.plan(await market.wish(), registry);
    await requesting.request(plan);
    items.push(await market.deliver(plan.requestId, payee));
  }
  const working = market.coprocessor(worker);
  const { receipt } =
    batch === 1 ? await working.fulfill(items[0]!) : await working.fulfillBatch(items);
  return gasOf(receipt);
}

function gasOf(receipt: TransactionReceipt | null): number {
  return Number(receipt!.gasUsed);
}
