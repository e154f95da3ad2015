/**
 * The stages of a job as data: what each may take, how often it is tried, and when a job may still
 * be given up. Workers and the pipeline read the same definitions.
 */

/** What can go on with a job, in the order of a chain request's route. */
export type StageName = 'fetch' | 'infer' | 'prove' | 'settle' | 'confirm' | 'callback';

/** When a stage is tried again after an error that may pass. */
export interface RetryPolicy {
  /** Tries in all, ≥ 1. */
  readonly attempts: number;
  /** Before the second try; doubles with each further one. */
  readonly firstDelayMs: number;
  readonly longestDelayMs: number;
  /** The share of each delay that is random, in [0, 1], so that retries do not come in waves. */
  readonly jitter: number;
}

/**
 * What an error means: `retryable` may pass, `fatal` never does, `final` is no failure of ours: the
 * chain has decided the request otherwise (fulfilled by another, refunded, model frozen).
 */
export type ErrorClass = 'retryable' | 'fatal' | 'final';

/** One stage. */
export interface StageDefinition {
  readonly name: StageName;
  /** A try that takes longer is aborted and counts as an error that may pass. */
  readonly timeoutMs: number;
  readonly retry: RetryPolicy;
  /** A task that so many workers died on is parked. */
  readonly maxCrashes: number;
  /**
   * Whether a job may be cancelled or expire here. False from the stage on that sends a
   * transaction: one that was sent may be mined at any time.
   */
  readonly abandonable: boolean;
  /** Error codes whose class is not that of `classifyError`. */
  readonly errorClasses?: Readonly<Record<string, ErrorClass>>;
}

/** The stages by name. */
export type StageDefinitions = Readonly<Record<StageName, StageDefinition>>;

/** What a request on chain goes through. */
export const CHAIN_ROUTE: readonly StageName[] = [
  'fetch',
  'infer',
  'prove',
  'settle',
  'confirm',
  'callback',
];

/** What a request over HTTP goes through: its result is fetched, not settled. */
export const HTTP_ROUTE: readonly StageName[] = ['fetch', 'infer', 'prove'];

/**
 * What contracts and nodes say once a proof is there. `final` is for requests that are not ours to
 * fulfil any more; the rest, a signer without money or a node that lags, may pass. Errors of a proof
 * are none of these: they stay fatal.
 */
const CHAIN_ERRORS: Readonly<Record<string, ErrorClass>> = {
  QUEUE_REQUEST_FULFILLED_BY_ANOTHER: 'final',
  QUEUE_REQUEST_REFUNDED: 'final',
  QUEUE_REQUEST_GONE: 'final',
  CONTRACTS_DEADLINE_PASSED: 'final',
  CONTRACTS_MODEL_NOT_ACTIVE: 'final',
  CONTRACTS_REQUEST_UNKNOWN: 'retryable',
  CONTRACTS_NO_CALLBACK_TO_RETRY: 'retryable',
  CONTRACTS_INSUFFICIENT_FUNDS: 'retryable',
  CONTRACTS_INSUFFICIENT_GAS: 'retryable',
  CONTRACTS_INSUFFICIENT_CALLBACK_GAS: 'retryable',
  CONTRACTS_UNKNOWN_REVERT: 'retryable',
};

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/**
 * Of stages that wait for the chain in the service itself: what ends their deliveries is a restart,
 * or a Redis that was away for longer than a lock, and neither is the doing of the task.
 */
const CRASHES_OF_OTHERS = 1_000;

/** What is used unless the operator says otherwise. */
export const DEFAULT_STAGES: StageDefinitions = {
  fetch: {
    name: 'fetch',
    timeoutMs: MINUTE,
    retry: { attempts: 6, firstDelayMs: SECOND, longestDelayMs: MINUTE, jitter: 0.5 },
    maxCrashes: 3,
    abandonable: true,
  },
  infer: {
    name: 'infer',
    timeoutMs: 5 * MINUTE,
    retry: { attempts: 3, firstDelayMs: SECOND, longestDelayMs: MINUTE, jitter: 0.5 },
    maxCrashes: 3,
    abandonable: true,
  },
  prove: {
    name: 'prove',
    timeoutMs: 30 * MINUTE,
    retry: { attempts: 3, firstDelayMs: 2 * SECOND, longestDelayMs: MINUTE, jitter: 0.5 },
    maxCrashes: 3,
    abandonable: true,
  },
  // A transaction that was sent is unknown until its nonce is used: these go on for long.
  settle: {
    name: 'settle',
    timeoutMs: 2 * MINUTE,
    // Dear gas and an empty account may last for hours, and the proof is paid for: until the deadline.
    retry: { attempts: 1_000, firstDelayMs: 2 * SECOND, longestDelayMs: MINUTE, jitter: 0.5 },
    maxCrashes: CRASHES_OF_OTHERS,
    abandonable: false,
    errorClasses: CHAIN_ERRORS,
  },
  confirm: {
    name: 'confirm',
    timeoutMs: 30 * MINUTE,
    retry: { attempts: 500, firstDelayMs: 5 * SECOND, longestDelayMs: MINUTE, jitter: 0.5 },
    maxCrashes: CRASHES_OF_OTHERS,
    abandonable: false,
    errorClasses: CHAIN_ERRORS,
  },
  callback: {
    name: 'callback',
    timeoutMs: 5 * MINUTE,
    retry: { attempts: 8, firstDelayMs: MINUTE, longestDelayMs: 60 * MINUTE, jitter: 0.5 },
    maxCrashes: CRASHES_OF_OTHERS,
    abandonable: false,
    errorClasses: CHAIN_ERRORS,
  },
};

/**
 * How long before try number `attempt + 1`, after `attempt` ≥ 1 have failed.
 * @param random in [0, 1)
 */
export function retryDelayMs(policy: RetryPolicy, attempt: number, random: number): number {
  const grown = policy.firstDelayMs * 2 ** Math.min(attempt - 1, 40);
  const delay = Math.min(grown, policy.longestDelayMs);
  return Math.round(delay * (1 - policy.jitter * random));
}
