/** A request for an inference, wherever it was made: over HTTP or on a chain. */
import type { OutputReading, PublicSignals } from '@zkinfer/core';
import type { JobView, StageProgress } from '@zkinfer/core/service';
import type { CallOptions, WaitOptions } from './within-time.ts';

/** How a job stands. */
export interface JobUpdate {
  /** `active`, or how it ended; `refunded` by a chain alone. */
  readonly status: JobView['status'] | 'refunded';
  /** What is done, or where it ended; null where no service tells. */
  readonly stage: JobView['stage'] | null;
  /** How far that stage is, where it tells. */
  readonly progress: StageProgress | null;
  /** A code when it has ended, such as that of an error. */
  readonly outcomeCode: string | null;
  /** All that the service tells; null where none does. */
  readonly view: JobView | null;
}

/** An answer whose proof was checked against what was asked. */
export interface ProvedAnswer {
  /** What the model says, read. */
  readonly outputs: readonly OutputReading[];
  readonly outputWords: readonly bigint[];
  /** The outputHash, and what was asked about. */
  readonly signals: PublicSignals;
  /** `proof.json`. */
  readonly proof: unknown;
}

/** A request that is under way or has ended. */
export interface InferenceJob<Answer extends ProvedAnswer = ProvedAnswer> {
  readonly id: string;
  /**
   * How it stands now, then each change, the end as the last. Lost connections are taken up again.
   * @throws EnvironmentError CLIENT_SERVICE_UNREACHABLE and others after a minute without contact;
   *   the signal's reason once it is aborted
   */
  updates(options?: CallOptions): AsyncIterable<JobUpdate>;
  /**
   * Waits for the end, then checks and opens the answer.
   * @throws JobEndedError CLIENT_JOB_* if it ended without an answer; EnvironmentError
   *   CLIENT_TIMEOUT; as `updates` and `result`
   */
  waitForResult(options?: WaitOptions): Promise<Answer>;
  /**
   * The answer of a job that is done, its proof checked against what was asked, opened.
   * @throws IntegrityError CLIENT_PROOF_*, CLIENT_STATEMENT_DIFFERS, CLIENT_OUTPUT_DIFFERS
   */
  result(options?: CallOptions): Promise<Answer>;
}
