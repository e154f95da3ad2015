import type { InferenceJob, ProvedAnswer } from './inference-job.ts';
import { JobEndedError } from './job-ended-error.ts';
import { type WaitOptions, withinTime } from './within-time.ts';

const TIMED_OUT = {
  what: 'the job has not ended in time',
  hint: 'It goes on without you: wait again for the same job, or cancel it.',
};

/** `waitForResult` of any job. @throws as there */
export function awaitEnd<Answer extends ProvedAnswer>(
  job: InferenceJob<Answer>,
  options: WaitOptions = {},
): Promise<Answer> {
  return withinTime(options, TIMED_OUT, async (signal) => {
    for await (const update of job.updates({ signal })) {
      if (update.status === 'active') continue;
      if (update.status !== 'done') throw new JobEndedError(job.id, update);
    }
    return job.result({ signal });
  });
}
