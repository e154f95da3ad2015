/** Which transaction was chosen to fulfil a job's request, as the store keeps it. */
import { readInteger, readObject, readString } from '@zkinfer/core';
import type { RecordKind } from '../store/records.ts';

/**
 * The intent of the current try. What it sends is stored with its nonce, before anything is sent; so
 * an intent without a nonce was never sent and never will be.
 */
export interface Settlement {
  readonly intentId: string;
  /** Grows with each try that another one follows. */
  readonly generation: number;
}

/** Settlements in the store, by job. */
export const SETTLEMENTS: RecordKind<Settlement> = {
  name: 'settlement',
  form: 1,
  write: (settlement) => ({ ...settlement }),
  read(data, path) {
    const { intentId, generation } = readObject(data, path, ['intentId', 'generation']);
    return {
      intentId: readString(intentId, `${path}.intentId`),
      generation: readInteger(generation, `${path}.generation`, 1),
    };
  },
};
