/** What a contract said when it reverted, as an error of ours. */
import { type ErrorDetails, InputError } from '@zkinfer/core';

/** A decoded revert: the custom error's name and its arguments by name. */
export interface Revert {
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
}

/**
 * A contract refused a call. The code is the custom error's name in upper snake case after
 * `CONTRACTS_`: DeadlinePassed gives CONTRACTS_DEADLINE_PASSED.
 */
export class RevertError extends InputError {
  readonly revert: Revert;

  constructor(details: ErrorDetails, revert: Revert) {
    super(details);
    this.revert = revert;
  }
}
