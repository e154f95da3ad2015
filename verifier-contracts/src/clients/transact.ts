/** Sending a transaction and waiting for it, with errors of ours. */
import { InputError } from '@zkinfer/core';
import {
  type BaseContractMethod,
  type ContractTransactionResponse,
  isError,
  type Overrides,
  type TransactionReceipt,
} from 'ethers';
import { translateError } from '../errors/translate-error.ts';

/**
 * Gas beyond the estimate. A balance that its owner withdraws in between costs 17,100 gas more to
 * write (EIP-2200: 20,000 for a word that is zero, 2,900 for another), and a fulfilment writes three.
 */
const LEAST_MARGIN = 60_000n;

/** Of larger estimates, an eighth: batches write more balances. */
const MARGIN_DIVISOR = 8n;

/** EIP-7825: the most gas that a transaction may ask for. */
const TRANSACTION_GAS_CAP = 1n << 24n;

/**
 * Sends a call and waits until it is mined. The node estimates the gas first, so most reverts are
 * known before anything is paid; the limit is `gasLimitFor` the estimate unless one is given.
 * @throws as `onChain`, and InputError CONTRACTS_TRANSACTION_REVERTED
 */
export async function transact<Arguments extends unknown[], Result>(
  method: BaseContractMethod<Arguments, Result, ContractTransactionResponse>,
  args: Arguments,
  overrides: Overrides = {},
): Promise<TransactionReceipt> {
  // The generic argument list of ethers cannot be spread by TypeScript.
  const call = method as unknown as BaseContractMethod;
  try {
    const gasLimit = overrides.gasLimit ?? gasLimitFor(await call.estimateGas(...args, overrides));
    const sent = await call.send(...args, { ...overrides, gasLimit });
    return (await (sent as ContractTransactionResponse).wait())!;
  } catch (error) {
    if (isError(error, 'CALL_EXCEPTION') && error.receipt !== null && error.receipt !== undefined) {
      throw await reasonOfMined(call, args, overrides, error.receipt.hash);
    }
    throw translateError(error);
  }
}

/**
 * The gas to send with a call that was estimated: a margin more, since other transactions may come
 * first, but no more than a chain takes. An estimate above that cap is left as it is.
 */
export function gasLimitFor(estimate: bigint): bigint {
  const share = estimate / MARGIN_DIVISOR;
  const limit = estimate + (share > LEAST_MARGIN ? share : LEAST_MARGIN);
  if (limit <= TRANSACTION_GAS_CAP) return limit;
  return estimate > TRANSACTION_GAS_CAP ? estimate : TRANSACTION_GAS_CAP;
}

/** A mined transaction says nothing about why it reverted: the same call is tried again. */
async function reasonOfMined(
  call: BaseContractMethod,
  args: readonly unknown[],
  { gasLimit: _, ...overrides }: Overrides,
  hash: string,
): Promise<unknown> {
  try {
    await call.staticCall(...args, overrides);
  } catch (error) {
    return translateError(error);
  }
  return new InputError({
    code: 'CONTRACTS_TRANSACTION_REVERTED',
    what: 'the transaction was mined and reverted, though the same call passes now',
    got: hash,
    hint: 'It ran out of gas, or something on chain changed in between. Look at the state, try again.',
  });
}
