import { EnvironmentError } from '@zkinfer/core';
import type { JobUpdate } from './inference-job.ts';

type Ending = Exclude<JobUpdate['status'], 'active' | 'done'>;

const ADVICE: Readonly<Record<Ending, string>> = {
  closed: 'The chain has decided it: look at the request’s status there.',
  expired: 'Nothing more will come. Refund a request on chain; ask again with a later deadline.',
  cancelled: 'It was cancelled. Ask again if the answer is still wanted.',
  failed: 'The outcome’s code says why. The operator can retry it; asking again may help.',
  parked: 'It kept crashing its workers, and waits for the operator.',
  refunded: 'The escrow is the refund address’s again: it can withdraw it.',
};

/** A job ended without an answer. The code is CLIENT_JOB_ and the status in capitals. */
export class JobEndedError extends EnvironmentError {
  readonly update: JobUpdate;

  constructor(id: string, update: JobUpdate) {
    const ending = update.status as Ending;
    super({
      code: `CLIENT_JOB_${ending.toUpperCase()}`,
      what: `job ${id} ended without an answer`,
      got: update.outcomeCode === null ? ending : `${ending}, ${update.outcomeCode}`,
      hint: ADVICE[ending],
    });
    this.update = update;
  }
}
