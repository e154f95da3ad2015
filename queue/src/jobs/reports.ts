/** How reports reach the pipeline from other processes: by a queue of the backend. */
import { randomBytes } from 'node:crypto';
import { InputError, type Logger, SILENT_LOGGER } from '@zkinfer/core';
import { type Consumer, type JobBackend, PRIORITIES } from '../backend/job-backend.ts';
import type { JsonObject } from '../json-value.ts';
import type { JobRecord } from './job-record.ts';
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

/**
 * What is believed of a report by another process: the report, another in its place, or nothing.
 * What it throws lets the report be delivered again.
 * @param job whose current task the report is on
 */
export type ReportExaminer = (
  report: StageReport,
  job: JobRecord,
) => Promise<StageReport | undefined>;

/** What is done with reports. */
export interface ReportOptions {
  readonly logger?: Logger;
  /** All reports are believed unless told. */
  readonly examine?: ReportExaminer | undefined;
}

/** Applies the reports of other processes; close the consumer to end. */
export function consumeReports(
  backend: JobBackend,
  pipeline: Pipeline,
  { logger = SILENT_LOGGER, examine = async (report) => report }: ReportOptions = {},
): Promise<Consumer> {
  return backend.consume(
    REPORT_QUEUE,
    async ({ id, data }) => {
      const report = readOrDrop(id, data, logger);
      const job = report && (await pipeline.get(report.jobId));
      if (report === undefined || job?.fence !== report.fence) return;
      const believed = await examine(report, job);
      if (believed !== report) tell(logger, report, believed);
      if (believed !== undefined) await pipeline.apply(believed);
    },
    { concurrency: CONCURRENCY },
  );
}

function tell(logger: Logger, { jobId }: StageReport, believed: StageReport | undefined): void {
  if (believed === undefined) logger.error({ jobId }, 'a report is nobody’s to make');
  if (believed?.kind === 'error') {
    logger.error({ jobId, ...believed.error }, 'a worker’s report is not believed');
  }
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
