/** The committed files of real proofs, and how each is made. */
import { fileURLToPath } from 'node:url';
import { irisFixtures } from './iris-fixtures.ts';

/** A file that others test with. */
export interface FixtureFile {
  /** Absolute. */
  readonly path: string;
  /** Its contents, the same whenever and wherever they are made. */
  make(): Promise<string>;
}

const FOLDER = new URL('../../../verifier-contracts/test/fixtures/', import.meta.url);

/** All of them. */
export const CONTRACT_FIXTURES: readonly FixtureFile[] = [
  { path: fileURLToPath(new URL('iris.json', FOLDER)), make: irisFixtures },
];
