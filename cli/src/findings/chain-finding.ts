import { NATIVE_TOKEN, onChain, type Provider } from '@zkinfer/verifier-contracts';
import { openProvider } from '@zkinfer/verifier-contracts/node';
import { formatDuration, formatReal } from '../format-quantity.ts';
import { failedFinding } from './failed-finding.ts';
import type { Finding } from './finding.ts';

/** No chain that is alive goes without a block for so long. */
const STALE_AFTER_MS = 15 * 60_000;

/** The window in which a service asks for events when it has caught up. */
const BLOCKS = 100;

/** Nobody logs from here: the answer is small. */
const NO_CONTRACT = NATIVE_TOKEN;

/** Whether an endpoint serves a chain that moves, and its logs. @param chainId if known */
export async function chainFinding(url: string, chainId?: bigint): Promise<Finding> {
  const subject = `chain at ${hostOf(url)}`;
  try {
    const provider = await openProvider(url, chainId === undefined ? {} : { chainId });
    try {
      return await lookAt(provider, subject);
    } finally {
      provider.destroy();
    }
  } catch (error) {
    return failedFinding(subject, error);
  }
}

async function lookAt(provider: Provider, subject: string): Promise<Finding> {
  const { chainId } = await provider.getNetwork();
  const head = await onChain(() => provider.getBlock('latest'));
  if (head === null) return { subject, state: 'missing', found: `${chainId} has no block` };
  const fromBlock = Math.max(0, head.number - BLOCKS);
  const filter = { address: NO_CONTRACT, fromBlock, toBlock: head.number };
  await onChain(() => provider.getLogs(filter));
  if (head.baseFeePerGas === null) {
    return { subject, state: 'missing', found: `${chainId} has no base fee (EIP-1559)` };
  }
  const ageMs = Math.max(0, Date.now() - head.timestamp * 1000);
  const fee = formatReal(Number(head.baseFeePerGas) / 1e9);
  const found = `${chainId}, block ${head.number} ${formatDuration(ageMs)} ago, ${fee} gwei, logs work`;
  if (ageMs < STALE_AFTER_MS) return { subject, state: 'ok', found };
  return { subject, state: 'note', found, advice: 'Is the node behind, or the clock wrong?' };
}

/** URLs of endpoints hold secrets in path and query. */
function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : 'no URL';
}
