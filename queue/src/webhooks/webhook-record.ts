/** Webhooks that are owed, as the store keeps them: one for a job. */
import { readInteger, readObject, readString } from '@zkinfer/core';
import type { RecordKind } from '../store/records.ts';

/**
 * `armed`: the job has not ended. `due`: it has, and was not delivered yet. `given-up`: nobody took
 * it.
 */
export type WebhookState = 'armed' | 'due' | 'given-up';

/** The webhook of a job, until it is delivered. */
export interface WebhookRecord {
  readonly state: WebhookState;
  /** Of the end that it tells: the same for all tries. */
  readonly deliveryId: string;
  /** Tries that failed. */
  readonly failures: number;
  /** Milliseconds since 1970: when to try. */
  readonly dueAt: number;
  /** Why the last try failed: a code; null before. */
  readonly lastCode: string | null;
}

const STATES: readonly WebhookState[] = ['armed', 'due', 'given-up'];

/** By job id. */
export const WEBHOOKS: RecordKind<WebhookRecord> = {
  name: 'webhook',
  form: 1,
  write: (webhook) => ({ ...webhook }),
  read: (data, path) => {
    const keys = ['state', 'deliveryId', 'failures', 'dueAt', 'lastCode'] as const;
    const webhook = readObject(data, path, keys);
    const text = readString(webhook.state, `${path}.state`);
    return {
      state: STATES.find((state) => state === text) ?? 'given-up',
      deliveryId: readString(webhook.deliveryId, `${path}.deliveryId`),
      failures: readInteger(webhook.failures, `${path}.failures`),
      dueAt: readInteger(webhook.dueAt, `${path}.dueAt`),
      lastCode: webhook.lastCode === null ? null : readString(webhook.lastCode, path),
    };
  },
};
