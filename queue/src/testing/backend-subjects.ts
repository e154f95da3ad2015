/** Both backends as subjects of the conformance suite, and as a process that can be killed. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BullmqBackend } from '../backend/bullmq-backend.ts';
import { InProcessBackend } from '../backend/in-process-backend.ts';
import type { JobBackend } from '../backend/job-backend.ts';
import { LevelStore } from '../store/level-store.ts';
import { RedisProcess, redisIsAvailable } from './redis-process.ts';

/**
 * Where a backend keeps its tasks, as text: what a child process needs to open the same. The lock
 * is short, so that tests need not wait long for what stalled.
 */
export type BackendPlace =
  | { readonly kind: 'in-process'; readonly directory: string }
  | { readonly kind: 'bullmq'; readonly url: string; readonly prefix: string };

/** A backend that was opened for a test. */
export interface OpenedBackend {
  readonly backend: JobBackend;
  close(): Promise<void>;
}

/** How to make places for one kind of backend. */
export interface BackendSubject {
  readonly name: string;
  /** A new and empty place. */
  place(): BackendPlace;
  stop(): Promise<void>;
}

const LOCK_MS = 1_000;

/** Opens the backend of a place. */
export async function openBackend(place: BackendPlace): Promise<OpenedBackend> {
  if (place.kind === 'bullmq') {
    const backend = await BullmqBackend.open({ ...place, lockMs: LOCK_MS });
    return { backend, close: () => backend.close() };
  }
  const store = await LevelStore.open(place.directory);
  const backend = await InProcessBackend.open(store);
  const close = async () => {
    await backend.close();
    await store.close();
  };
  return { backend, close };
}

/** All backends that can be had here; says what is left out. @throws as `redisIsAvailable` */
export async function backendSubjects(): Promise<BackendSubject[]> {
  const folder = await mkdtemp(join(tmpdir(), 'zkinfer-backend-'));
  let count = 0;
  const inProcess: BackendSubject = {
    name: 'in-process',
    place: () => ({ kind: 'in-process', directory: join(folder, String(count++)) }),
    stop: () => rm(folder, { recursive: true, force: true }),
  };
  if (!redisIsAvailable('the tests of the BullMQ backend')) return [inProcess];
  const redis = await RedisProcess.start();
  const bullmq: BackendSubject = {
    name: 'bullmq',
    place: () => ({ kind: 'bullmq', url: redis.url, prefix: `{test-${count++}}` }),
    stop: () => redis.stop(),
  };
  return [inProcess, bullmq];
}
