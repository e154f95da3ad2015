import { EnvironmentError } from '@zkinfer/core';

/** PROVER_ENGINE_CLOSED: what is asked of an engine after `close`, or was going on then. */
export function engineClosedError(): EnvironmentError {
  return new EnvironmentError({
    code: 'PROVER_ENGINE_CLOSED',
    what: 'the engine has been closed',
    hint: 'Create another one.',
  });
}
