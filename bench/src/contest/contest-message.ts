/** What passes between the bench and the processes of preparations and contestants. */
import type { CaseInputs, ExternalProgram } from '../case.ts';

/** Has the inputs made. */
export interface PrepareRequest {
  readonly kind: 'prepare';
  readonly caseUrl: string;
  readonly rows: readonly string[];
}

/** Makes a contestant ready. */
export interface OpenRequest {
  readonly kind: 'open';
  readonly caseUrl: string;
  readonly contestant: string;
  readonly row: string;
  readonly inputs: CaseInputs;
  /** Given when the contestant is a program. */
  readonly program?: ExternalProgram;
}

export interface RunRequest {
  readonly kind: 'run';
}

export interface CloseRequest {
  readonly kind: 'close';
}

export type ContestRequest = PrepareRequest | OpenRequest | RunRequest | CloseRequest;

/** What one run took. */
export interface Measurement {
  /** Wall time of an operation. */
  readonly milliseconds: number;
  /** Time of all cores for an operation, of programs in steps of 10; undefined where nobody tells. */
  readonly cpuMilliseconds: number | undefined;
  /** The largest resident memory of the process so far, or of the program and what it started. */
  readonly peakBytes: number | undefined;
  readonly outcome: string;
}

export type ContestResponse =
  | { readonly kind: 'prepared'; readonly inputs: CaseInputs }
  | { readonly kind: 'opened' }
  | { readonly kind: 'ran'; readonly measurement: Measurement }
  | { readonly kind: 'closed' }
  | { readonly kind: 'progress'; readonly stage: string }
  | { readonly kind: 'failed'; readonly reason: string };
