/**
 * The attack that every open market of proofs must bear: somebody sees a worker's transaction in the
 * mempool, copies it, and is mined first. Really done, on a chain that mines when it is told to.
 */
import {
  type CoprocessorClient,
  onChain,
  RevertError,
  type TransactionReceipt,
} from '@zkinfer/verifier-contracts';
import { ACCOUNT, type LocalMarket } from './local-market.ts';

/** How much more than the worker the thief pays for gas. */
export const OUTBIDDING = 10n;

/** A transaction as the mempool shows it; quantities are hexadecimal text. */
interface PendingTransaction {
  readonly from: string;
  readonly to: string | null;
  readonly input: string;
  readonly gas: string;
  readonly maxFeePerGas: string;
  readonly maxPriorityFeePerGas: string;
}

/** How it ended. Amounts in wei. */
export interface CopyOutcome {
  /** What the chain answered to a copy that names the thief as payee. */
  readonly alteredRefusedBy: RevertError;
  /** The unaltered copy, mined first. */
  readonly copy: TransactionReceipt;
  readonly original: TransactionReceipt;
  /** Why the original reverted. */
  readonly originalRefusedBy: RevertError;
  readonly workerEarned: bigint;
  readonly thiefEarned: bigint;
  /** What the copy's gas cost the thief. */
  readonly thiefPaid: bigint;
}

/**
 * Sends the worker's transaction, has the thief copy it out of the mempool, and mines both.
 * @param signed the worker's raw transaction, not mined yet
 * @throws as `onChain`
 */
export async function copyFromMempool(market: LocalMarket, signed: string): Promise<CopyOutcome> {
  const { provider } = market.chain;
  const before = await balances(market);
  await provider.send('evm_setAutomine', [false]);
  const originalHash: string = await provider.send('eth_sendRawTransaction', [signed]);
  const seen = await findInMempool(market);
  const alteredRefusedBy = await tryAsPayee(market, seen);
  const { hash: copyHash } = await sendCopy(market, seen);
  await provider.send('evm_mine', []);
  await provider.send('evm_setAutomine', [true]);
  const copy = (await provider.getTransactionReceipt(copyHash))!;
  const original = (await provider.getTransactionReceipt(originalHash))!;
  const after = await balances(market);
  const { from, to, input: data } = seen;
  return {
    alteredRefusedBy,
    copy,
    original,
    originalRefusedBy: await refusalOf(() => provider.call({ from, to, data })),
    workerEarned: after.worker - before.worker,
    thiefEarned: after.thief - before.thief,
    thiefPaid: copy.gasUsed * copy.gasPrice,
  };
}

/** What worker and thief can withdraw from the coprocessor. */
async function balances(market: LocalMarket) {
  const coprocessor = market.coprocessor(ACCOUNT.thief);
  const of = async (account: number) =>
    coprocessor.balanceOf(await market.signer(account).getAddress());
  return { worker: await of(ACCOUNT.worker), thief: await of(ACCOUNT.thief) };
}

/** All that a thief needs is public: the pending transactions of any node. */
async function findInMempool(market: LocalMarket): Promise<PendingTransaction> {
  const { address } = market.coprocessor(ACCOUNT.thief);
  const { pending }: { pending: Record<string, Record<string, PendingTransaction>> } =
    await market.chain.provider.send('txpool_content', []);
  const transactions = Object.values(pending).flatMap((list) => Object.values(list));
  return transactions.find(({ to }) => to?.toLowerCase() === address.toLowerCase())!;
}

/** The first idea: put one's own address where the payee's is. */
async function tryAsPayee(market: LocalMarket, { input }: PendingTransaction) {
  const { contract }: CoprocessorClient = market.coprocessor(ACCOUNT.thief);
  const [item] = contract.interface.decodeFunctionData('fulfill', input);
  const payee = await market.signer(ACCOUNT.thief).getAddress();
  // What was decoded is frozen, and ethers writes to the lists that it is given.
  const [proof, outputWords] = [[...item.proof], [...item.outputWords]];
  const altered = { ...item.toObject(), proof, outputWords, payee };
  return refusalOf(() => contract.fulfill.staticCall(altered));
}

/** The second: the very same call, at a price at which miners prefer it. */
async function sendCopy(market: LocalMarket, seen: PendingTransaction) {
  return onChain(() =>
    market.signer(ACCOUNT.thief).sendTransaction({
      to: seen.to,
      data: seen.input,
      gasLimit: seen.gas,
      maxFeePerGas: BigInt(seen.maxFeePerGas) * OUTBIDDING,
      maxPriorityFeePerGas: BigInt(seen.maxPriorityFeePerGas) * OUTBIDDING,
    }),
  );
}

async function refusalOf(call: () => Promise<unknown>): Promise<RevertError> {
  try {
    await onChain(call);
  } catch (error) {
    if (error instanceof RevertError) return error;
    throw error;
  }
  throw new Error('the chain accepted what it must refuse');
}
