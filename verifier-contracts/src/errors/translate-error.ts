/** Errors of ethers to errors of ours. */
import { EnvironmentError, InputError, ZkinferError } from '@zkinfer/core';
import { getAddress, type InsufficientFundsError, isError } from 'ethers';
import { revertErrorOf } from './decode-revert.ts';

/**
 * Runs something that talks to a chain.
 * @throws RevertError CONTRACTS_… named after the contract's error; InputError
 *   CONTRACTS_INSUFFICIENT_FUNDS, CONTRACTS_NO_CONTRACT; EnvironmentError
 *   CONTRACTS_RPC_UNREACHABLE, CONTRACTS_RPC_FAILED, CONTRACTS_NONCE
 */
export async function onChain<T>(action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw translateError(error);
  }
}

/** The error to throw in place of one that ethers threw; others are left as they are. */
export function translateError(error: unknown): unknown {
  if (error instanceof ZkinferError) return error;
  const data = revertDataOf(error);
  if (data !== undefined) return revertErrorOf(data, error);
  if (isError(error, 'INSUFFICIENT_FUNDS')) return insufficientFunds(error);
  if (isError(error, 'BAD_DATA')) return noContract(error);
  if (isError(error, 'NONCE_EXPIRED') || isError(error, 'REPLACEMENT_UNDERPRICED')) {
    return nonceTaken(error);
  }
  if (isUnreachable(error)) return unreachable(error);
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') {
    return rpcFailed(error);
  }
  return error;
}

/** The data of a revert, `0x` for one that says nothing; undefined if it was none. */
function revertDataOf(error: unknown): string | undefined {
  if (isError(error, 'CALL_EXCEPTION')) {
    return (
      error.data ?? dataIn(error.info) ?? (error.receipt ? '0x' : (dataIn(error.error) ?? '0x'))
    );
  }
  return dataIn(error);
}

/** Nodes put revert data at different depths of their answers. */
function dataIn(value: unknown, depth = 0): string | undefined {
  if (typeof value !== 'object' || value === null || depth > 4) return undefined;
  const { data, error, info } = value as { data?: unknown; error?: unknown; info?: unknown };
  if (typeof data === 'string' && /^0x([0-9a-f]{2}){4,}$/i.test(data)) return data;
  return dataIn(data, depth + 1) ?? dataIn(error, depth + 1) ?? dataIn(info, depth + 1);
}

const UNREACHABLE = /^(ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH)$/;

function isUnreachable(error: unknown): boolean {
  if (isError(error, 'NETWORK_ERROR') || isError(error, 'TIMEOUT')) return true;
  return error instanceof Error && 'code' in error && UNREACHABLE.test(String(error.code));
}

function insufficientFunds(cause: InsufficientFundsError): InputError {
  const { from } = cause.transaction;
  return new InputError({
    code: 'CONTRACTS_INSUFFICIENT_FUNDS',
    what: 'the account cannot pay for the transaction',
    ...(typeof from === 'string' ? { got: `account ${getAddress(from)}` } : {}),
    expected: 'a balance of its value and its gas',
    hint: 'Fund the account, or use another one.',
    cause,
  });
}

function noContract(cause: unknown): InputError {
  return new InputError({
    code: 'CONTRACTS_NO_CONTRACT',
    what: 'the answer of the address is none of this contract’s',
    expected: 'the contract that the deployments file names',
    hint: 'Check the address and the chain: another chain, or one that was started anew?',
    cause,
  });
}

function nonceTaken(cause: unknown): EnvironmentError {
  return new EnvironmentError({
    code: 'CONTRACTS_NONCE',
    what: 'another transaction of this account took the same place',
    hint: 'Try again once the account’s other transactions are mined.',
    cause,
  });
}

function unreachable(cause: unknown): EnvironmentError {
  return new EnvironmentError({
    code: 'CONTRACTS_RPC_UNREACHABLE',
    what: 'no node answers',
    hint: 'Check the URL of the RPC endpoint and that the node runs. `zkinfer dev` starts a local one.',
    cause,
  });
}

/** Only the node's own words: the request may hold the URL of an endpoint, which may be secret. */
function rpcFailed(cause: Error): EnvironmentError {
  const said = 'shortMessage' in cause ? String(cause.shortMessage) : cause.message;
  return new EnvironmentError({
    code: 'CONTRACTS_RPC_FAILED',
    what: 'the node refused the request, or answered something else',
    got: said.slice(0, 200),
    cause,
  });
}
