/** The thief's part of the quickstart: a fulfilment is taken out of the mempool, copied, outbid. */
import {
  RequestStatus,
  type RevertError,
  type TransactionReceipt,
} from '@zkinfer/verifier-contracts';
import { print, printFacts } from '../zkinfer-step.ts';
import { type CopyOutcome, copyFromMempool, OUTBIDDING } from './copy-from-mempool.ts';
import { ACCOUNT, inEther, type LocalMarket } from './local-market.ts';

/**
 * Goes back to before the answers, and has a thief copy the first of them.
 * @param requestIds of requests that were fulfilled one a transaction
 * @param snapshot of anvil, before the first was
 * @throws as `onChain`
 */
export async function copyFulfilment(
  market: LocalMarket,
  requestIds: readonly string[],
  snapshot: string,
): Promise<CopyOutcome> {
  const { provider } = market.chain;
  const events = await market.coprocessor(ACCOUNT.thief).events('InferenceFulfilled');
  const first = events.find(({ args }) => requestIds.includes(args.requestId))!;
  const signed: string = await provider.send('eth_getRawTransactionByHash', [
    first.transactionHash,
  ]);
  await provider.send('evm_revert', [snapshot]);
  return copyFromMempool(market, signed);
}

/** Says how it ended. */
export function showTheft(outcome: CopyOutcome): void {
  const { alteredRefusedBy, copy, original, originalRefusedBy } = outcome;
  const { workerEarned, thiefEarned, thiefPaid } = outcome;
  print(`
A thief. Back to before the answers (anvil can rewind): the worker’s first transaction waits in the mempool,
where another account finds it, copies it, and pays ${OUTBIDDING} times as much for gas.
`);
  printFacts([
    ['altered copy', `with the thief as payee: ${reasonOf(alteredRefusedBy)}`],
    ['exact copy', `${resultOf(copy)}: proof, payment and callback are valid`],
    ['the original', `${resultOf(original)}: ${reasonOf(originalRefusedBy)}`],
    [
      'the worker',
      `earned ${inEther(workerEarned)}, fee and callback gas: the proof names the payee`,
    ],
    ['the thief', `earned ${inEther(thiefEarned)}, and paid ${inEther(thiefPaid)} for gas`],
  ]);
}

function resultOf({ status, index }: TransactionReceipt): string {
  return `${status === 1 ? 'accepted' : 'reverted'}, place ${index} of the block`;
}

/** The contract’s own error, and what it says about the request. */
function reasonOf({ revert: { name, args } }: RevertError): string {
  const status = Object.entries(RequestStatus).find(([, value]) => value === args.status);
  return status === undefined ? name : `${name}, ${status[0]}`;
}
