import type { GroupName } from '../curve/point-group.ts';

/** Multiplies the generators by many scalars, on as many threads as it is worth. */
export interface FixedBasePool {
  /**
   * The encoded multiples, in order, in pieces.
   * @param scalars 32 bytes each, little endian, below r
   * @throws EnvironmentError PROVER_WORKER_FAILED when a thread dies; the signal's reason when
   *   aborted
   */
  multiply(group: GroupName, scalars: Uint8Array, signal?: AbortSignal): AsyncGenerator<Uint8Array>;
  /** Ends the threads. */
  close(): Promise<void>;
}
