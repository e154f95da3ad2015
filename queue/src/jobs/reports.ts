/** How reports reach the pipeline from other processes: by a queue of the backend. */
import { randomBytes } from 'node:crypto';
import { InputError, type Logger, SILENT_LOGGER } from '@zkinfer/core';
import { type Consumer, type JobBackend, PRIORITIES } from '../backend/job-backend.ts';
import type { JsonObject } from '../json-value.ts';
import type { Pipeline } from './pipeline.ts';
import { REPORT_QUEUE, readStageReport, type StageReport } from './stage-task.ts';
import type { ReportSink } from './stage-worker.ts';

/** Reports at a time: they wait for the store, which commits them together. */
const CONCURRENCY = 32;

/** A sink for workers in other processes than the pipeline's. */
export function reportThrough(backend: JobBackend): ReportSink {
  return async (report) => {
    // Ids of their own: a second report on a task is for the pipeline to judge.
    const id = `${report.jobId}-${report.fence}-${randomBytes(8).toString('hex')}`;
    const data = { ...report } as unknown as JsonObject;
    await backend.enqueue(REPORT_QUEUE, [{ id, data, priority: PRIORITIES.first }]);
  };
}

/** Applies the reports of other processes; close the consumer to end. */
export function consumeReports(
  backend: JobBackend,
  pipeline: Pipeline,
  logger: Logger = SILENT_LOGGER,
): Promise<Consumer> {
  return backend.consume(
    REPORT_QUEUE,
    async ({ id, data }) => {
      const report = readOrDrop(id, data, logger);
      if (report !== undefined) await pipeline.apply(report);
    },
    { concurrency: CONCURRENCY },
  );
}

/** A report that cannot be read now never can; its task is found by the dispatcher. */
function readOrDrop(id: string, data: JsonObject, logger: Logger): StageReport | undefined {
  try {
    return readStageReport(data);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    logger.error({ err: error, report: id }, 'a report cannot be read');
    return undefined;
  }
}
