/** What fetching needs of the network; tests put their own in its place. */
import { Resolver } from 'node:dns/promises';
import { isPublicAddress } from './public-address.ts';

/** Names, addresses and certificates. */
export interface UrlNetwork {
  /** All addresses of a host, none if it has none. Rejects when nobody can tell. */
  resolve(hostname: string, signal: AbortSignal): Promise<readonly string[]>;
  /** Whether an address may be connected to. */
  isPublic(address: string): boolean;
  /** PEM; those of Node unless given. */
  readonly certificateAuthority?: string;
}

const DNS_TIMEOUT_MS = 3_000;
const DNS_TRIES = 2;

/**
 * The internet. DNS alone, not the hosts file, and not `getaddrinfo`: a slow name server of
 * somebody else would block the threads that files are read with.
 */
export const INTERNET: UrlNetwork = { resolve: resolveByDns, isPublic: isPublicAddress };

async function resolveByDns(hostname: string, signal: AbortSignal): Promise<readonly string[]> {
  const resolver = new Resolver({ timeout: DNS_TIMEOUT_MS, tries: DNS_TRIES });
  const cancel = () => resolver.cancel();
  signal.addEventListener('abort', cancel, { once: true });
  try {
    const answers = await Promise.all([
      resolver.resolve4(hostname).catch(noneOrFailure),
      resolver.resolve6(hostname).catch(noneOrFailure),
    ]);
    const addresses = answers.flatMap((answer) => (answer instanceof Error ? [] : answer));
    const failure = answers.find((answer) => answer instanceof Error);
    if (addresses.length === 0 && failure !== undefined) throw failure;
    return addresses;
  } finally {
    signal.removeEventListener('abort', cancel);
  }
}

/** A host may well have addresses of one kind alone. */
function noneOrFailure(error: NodeJS.ErrnoException): string[] | Error {
  return error.code === 'ENODATA' || error.code === 'ENOTFOUND' ? [] : error;
}
