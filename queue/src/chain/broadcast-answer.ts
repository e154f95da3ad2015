/**
 * What nodes mean by refusing a transaction. There are no codes that they share, only words; these
 * are those of geth, Nethermind, Besu, Erigon, Reth, Arbitrum's Nitro and anvil.
 */
import type { BroadcastAnswer } from './chain-node.ts';

/** The first that fits counts: "replacement transaction underpriced" is not "underpriced". */
const PATTERNS: readonly (readonly [RegExp, BroadcastAnswer])[] = [
  [/already (known|imported|exists)|known transaction|alreadyknown/i, 'taken'],
  [/nonce.{0,20}too low|nonce has already been used|old ?nonce|nonce_too_low/i, 'nonce-used'],
  [/replacement|replace.*underpriced|not replaced/i, 'underpriced'],
  [/underpriced|fee.{0,40}(less than|below|too low)|feetoolow|gas price.{0,20}low/i, 'fee-too-low'],
  [/insufficient (funds|balance)|insufficientfunds/i, 'no-funds'],
  [
    /intrinsic gas|exceeds block gas limit|gas limit.{0,20}(too high|exceed)|oversized|invalid (sender|chain|signature)|tip.{0,30}higher|exceeds the configured cap|initcode/i,
    'invalid',
  ],
];

/** @param error as ethers throws it for eth_sendRawTransaction */
export function broadcastAnswerOf(error: unknown): BroadcastAnswer {
  const said = nodesWords(error);
  return PATTERNS.find(([pattern]) => pattern.test(said))?.[1] ?? 'unknown';
}

/**
 * The node's own message: what ethers says quotes the whole request, whose digits and words may
 * look like anything.
 */
function nodesWords(error: unknown): string {
  const { error: inner, info, message } = error as NodeError;
  return inner?.message ?? info?.error?.message ?? (inner === undefined ? (message ?? '') : '');
}

interface NodeError {
  readonly message?: string;
  readonly error?: { readonly message?: string };
  readonly info?: { readonly error?: { readonly message?: string } };
}
