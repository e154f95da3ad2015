import type { ExitCode } from './exit-codes.ts';
import type { Output } from './output.ts';
import type { ProgressDisplay } from './progress-display.ts';

/** What a verb works with: where it prints, and where it tells how far it has come. */
export interface Session {
  readonly output: Output;
  readonly progress: ProgressDisplay;
}

/**
 * Runs a verb with a session made from the options that all verbs share; its exit code becomes the
 * command's.
 */
export type RunVerb = (verb: (session: Session) => Promise<ExitCode>) => Promise<void>;
