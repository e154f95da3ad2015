/** How workers tell a service of themselves, in whatever processes and on whatever machines. */
import { type Logger, SILENT_LOGGER } from '@zkinfer/core';
import { readSchema, type WorkerStatus, WorkerStatusSchema } from '@zkinfer/core/service';
import { type Consumer, type JobBackend, PRIORITIES } from '../backend/job-backend.ts';
import { PollLoop } from '../chain/poll-loop.ts';
import type { JsonObject } from '../json-value.ts';

/** One task for each worker, named after it: what it said last. */
const WORKER_QUEUE = 'workers';

/** The most models, or tasks, that a status lists of each kind, so that it fits into a task. */
const MOST_LISTED = 20;

/** Puts a worker's status in the place of the one before, if nobody has heard that yet. */
export async function tellWorkerStatus(backend: JobBackend, status: WorkerStatus): Promise<void> {
  const data = shortened(status) as unknown as JsonObject;
  await backend.remove(WORKER_QUEUE, status.workerId);
  await backend.enqueue(WORKER_QUEUE, [{ id: status.workerId, data, priority: PRIORITIES.first }]);
}

/** Tells the status again and again until the loop is stopped. */
export function startHeartbeat(
  backend: JobBackend,
  status: () => WorkerStatus,
  { intervalMs, logger }: { readonly intervalMs: number; readonly logger: Logger },
): PollLoop {
  const tell = () => tellWorkerStatus(backend, status());
  return new PollLoop(tell, { intervalMs, logger, failed: 'a heartbeat is lost' });
}

/** Hears of all workers of a backend; close the consumer to end. */
export function consumeWorkerStatus(
  backend: JobBackend,
  onStatus: (status: WorkerStatus) => void | Promise<void>,
  logger: Logger = SILENT_LOGGER,
): Promise<Consumer> {
  return backend.consume(
    WORKER_QUEUE,
    async ({ id, data }) => {
      const status = readOrDrop(id, data, logger);
      if (status !== undefined) await onStatus(status);
    },
    { concurrency: 1 },
  );
}

function shortened(status: WorkerStatus): WorkerStatus {
  const { allowedModels, unusableModels, running, backends } = status;
  return {
    ...status,
    allowedModels: allowedModels?.slice(0, MOST_LISTED) ?? null,
    unusableModels: unusableModels.slice(0, MOST_LISTED),
    running: running.slice(0, MOST_LISTED),
    backends: Object.fromEntries(Object.entries(backends).slice(-MOST_LISTED)),
  };
}

/** What cannot be read now never can: a worker of another version, or not a worker at all. */
function readOrDrop(id: string, data: JsonObject, logger: Logger): WorkerStatus | undefined {
  try {
    const status = readSchema(WorkerStatusSchema, data, 'the status of a worker');
    if (status.workerId === id) return status;
  } catch (err) {
    logger.warn({ err, worker: id }, 'the status of a worker cannot be read');
    return undefined;
  }
  logger.warn({ worker: id }, 'a worker told the status of another one');
  return undefined;
}
