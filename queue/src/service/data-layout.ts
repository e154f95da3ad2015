import { join } from 'node:path';

/** What lies where in a data directory. */
export interface DataLayout {
  /** A LevelDB directory, which one process has open. */
  readonly store: string;
  /** Inputs, outputs and proofs. */
  readonly blobs: string;
  /** The file of API keys, unless the configuration names another. */
  readonly apiKeys: string;
}

/** The parts of a data directory. */
export function dataLayout(dataDirectory: string): DataLayout {
  return {
    store: join(dataDirectory, 'store'),
    blobs: join(dataDirectory, 'blobs'),
    apiKeys: join(dataDirectory, 'api-keys.json'),
  };
}
