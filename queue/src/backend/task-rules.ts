/** What all backends demand of tasks and do with them. */
import { EnvironmentError, InputError } from '@zkinfer/core';
import { LARGEST_TASK_BYTES, PRIORITIES, type Task } from './job-backend.ts';

/** BullMQ joins its keys with `:` and gives digits to jobs without an id. */
const TASK_ID = /^(?!\d+$)[\w.-]{1,200}$/;
const QUEUE_NAME = /^[A-Za-z0-9-]{1,100}$/;

const FIRST_REDELIVERY_MS = 1_000;
const LAST_REDELIVERY_MS = 30_000;

/** @throws InputError QUEUE_TASK_INVALID */
export function requireTask(task: Task): void {
  if (!TASK_ID.test(task.id)) {
    throw invalid('the id of a task', 'letters, digits, - _ . and not digits alone', task.id);
  }
  const { first, last } = PRIORITIES;
  if (!Number.isInteger(task.priority) || task.priority < first || task.priority > last) {
    const got = String(task.priority);
    throw invalid('the priority of a task', `an integer from ${first} to ${last}`, got);
  }
  const bytes = Buffer.byteLength(JSON.stringify(task.data));
  if (bytes > LARGEST_TASK_BYTES) {
    const expected = `at most ${LARGEST_TASK_BYTES} bytes: ids and references`;
    throw invalid('the data of a task', expected, `${bytes} bytes`);
  }
}

/** @throws InputError QUEUE_TASK_INVALID */
export function requireQueueName(queue: string): void {
  if (!QUEUE_NAME.test(queue)) throw invalid('the name of a queue', 'letters, digits and -', queue);
}

/** How long after its n-th failure, n ≥ 1, a task is delivered again. */
export function redeliveryDelayMs(failures: number): number {
  return Math.min(LAST_REDELIVERY_MS, FIRST_REDELIVERY_MS * 2 ** Math.min(failures - 1, 10));
}

/** What a closed backend answers. */
export function backendClosedError(): EnvironmentError {
  return new EnvironmentError({ code: 'QUEUE_BACKEND_CLOSED', what: 'the job backend was closed' });
}

function invalid(what: string, expected: string, got: string): InputError {
  return new InputError({ code: 'QUEUE_TASK_INVALID', what, got, expected });
}
