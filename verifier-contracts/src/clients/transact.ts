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
 * Sends a call and waits until it is mined. The node estimates the gas first, so most reverts are
 * known before anything is paid.
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
    const sent = (await call.send(...args, overrides)) as ContractTransactionResponse;
    return (await sent.wait())!;
  } catch (error) {
    if (isError(error, 'CALL_EXCEPTION') && error.receipt !== null && error.receipt !== undefined) {
      throw await reasonOfMined(call, args, overrides, error.receipt.hash);
    }
    throw translateError(error);
  }
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
