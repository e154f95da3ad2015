import { EnvironmentError } from '@zkinfer/core';

/** What another node may do better, or this one in a moment: not what a contract says, or an account lacks. */
export function isNodeFailure(error: unknown): error is EnvironmentError {
  if (!(error instanceof EnvironmentError)) return false;
  return error.code.startsWith('CONTRACTS_RPC_') || error.code === 'QUEUE_CHAIN_NO_HEAD';
}
