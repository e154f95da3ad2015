import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';

const LONGEST_HOST = 40;

/**
 * A name for a worker of this run: of the machine, what it is, and some random digits, since
 * containers may share a host's name.
 * @param what lower-case letters and `-`, at most 30
 */
export function workerIdOf(what: string, host = hostname()): string {
  const machine = host
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, LONGEST_HOST);
  return `${machine || 'host'}-${what}-${randomBytes(3).toString('hex')}`;
}
