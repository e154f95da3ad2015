/** Amounts of a currency as people write them. */
import { InputError } from '@zkinfer/core';
import { type ContractRunner, formatUnits, parseUnits, ZeroAddress } from 'ethers';
import { connectContract } from '../contract-artifact.ts';
import { onChain } from '../errors/translate-error.ts';
import { IERC20MetadataInterface } from '../generated/ierc20-metadata.ts';

/** The name of a currency, and how many decimals its smallest unit is below one. */
export interface TokenUnits {
  readonly symbol: string;
  readonly decimals: number;
}

/** The currency of the chain, as contracts name it. */
export const NATIVE_TOKEN = ZeroAddress;

/** A symbol that a token names itself by may hold anything. */
const SYMBOL = /^[\p{L}\p{N}.$₮_-]{1,16}$/u;

/**
 * How amounts of a token are written; the zero address is the chain's own currency.
 * @throws InputError CONTRACTS_NO_TOKEN if the address is no ERC-20 token’s; EnvironmentError as
 *   `onChain`
 */
export async function tokenUnits(token: string, runner: ContractRunner): Promise<TokenUnits> {
  if (token === NATIVE_TOKEN) return { symbol: 'ETH', decimals: 18 };
  const contract = connectContract(IERC20MetadataInterface, token, runner);
  const decimals = Number(await ofToken(token, () => contract.decimals()));
  const symbol = await ofToken(token, () => contract.symbol());
  return { symbol: SYMBOL.test(symbol) ? symbol : token, decimals };
}

/** `0.01` to the smallest unit. @throws InputError CONTRACTS_AMOUNT */
export function parseAmount(text: string, { symbol, decimals }: TokenUnits): bigint {
  if (/^\d{1,40}(\.\d+)?$/.test(text) && (text.split('.')[1]?.length ?? 0) <= decimals) {
    return parseUnits(text, decimals);
  }
  throw new InputError({
    code: 'CONTRACTS_AMOUNT',
    what: 'this is no amount',
    got: text,
    expected: `${symbol} as a decimal number such as 0.01, with at most ${decimals} decimals`,
  });
}

/** `0.01 ETH`. */
export function formatAmount(amount: bigint, { symbol, decimals }: TokenUnits): string {
  return `${formatUnits(amount, decimals).replace(/\.0$/, '')} ${symbol}`;
}

/** Calls a token; what is none reverts, or answers with nothing. */
async function ofToken<T>(token: string, call: () => Promise<T>): Promise<T> {
  try {
    return await onChain(call);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new InputError({
      code: 'CONTRACTS_NO_TOKEN',
      what: 'at this address there is no token',
      got: token,
      expected: 'an ERC-20 contract with decimals and symbol, on this chain',
      cause: error,
    });
  }
}
