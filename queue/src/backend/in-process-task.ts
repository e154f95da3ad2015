/** A task of the in-process backend: as it is kept in memory, and in the store. */
import { readInteger, readObject, readRecord } from '@zkinfer/core';
import type { JsonObject } from '../json-value.ts';
import type { RecordKind } from '../store/records.ts';
import type { QueuedTask } from './in-process-queue.ts';

/** In memory. */
export interface KeptTask extends QueuedTask {
  readonly queue: string;
  readonly data: JsonObject;
  crashes: number;
  running: boolean;
  failures: number;
}

/** In the store. */
export type StoredTask = Pick<
  KeptTask,
  'data' | 'priority' | 'sequence' | 'dueAt' | 'crashes' | 'running'
>;

/** Tasks in the store, by `keyOfTask`. */
export const STORED_TASKS: RecordKind<StoredTask> = {
  name: 'in-process-task',
  form: 1,
  write: ({ data, priority, sequence, dueAt, crashes, running }) => ({
    data,
    priority,
    sequence,
    dueAt,
    crashes,
    running,
  }),
  read(value, path) {
    const keys = ['data', 'priority', 'sequence', 'dueAt', 'crashes', 'running'] as const;
    const task = readObject(value, path, keys);
    return {
      data: readRecord(task.data, `${path}.data`) as JsonObject,
      priority: readInteger(task.priority, `${path}.priority`),
      sequence: readInteger(task.sequence, `${path}.sequence`),
      dueAt: readInteger(task.dueAt, `${path}.dueAt`),
      crashes: readInteger(task.crashes, `${path}.crashes`),
      running: task.running === true,
    };
  },
};

/** Queue names and ids have no slash. */
export function keyOfTask({ queue, id }: { readonly queue: string; readonly id: string }): string {
  return `${queue}/${id}`;
}
