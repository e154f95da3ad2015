/** What every engine refuses, in the same words. */
import { EnvironmentError, InputError, type Witness } from '@zkinfer/core';
import type { LoadedProvingKey } from '../prove/load-proving-key.ts';

/** @throws InputError PROVER_WITNESS_MISMATCH for a witness of another length than the key's */
export function requireMatchingWitness(key: LoadedProvingKey, witness: Witness): void {
  if (witness.wires === key.file.header.wires) return;
  throw new InputError({
    code: 'PROVER_WITNESS_MISMATCH',
    what: 'the witness is not one of the circuit that the key is for',
    got: `${witness.wires} wires`,
    expected: `${key.file.header.wires} wires`,
  });
}

/** PROVER_ENGINE_CLOSED: what is asked of an engine after `close`, or was going on then. */
export function engineClosedError(): EnvironmentError {
  return new EnvironmentError({
    code: 'PROVER_ENGINE_CLOSED',
    what: 'the engine has been closed',
    hint: 'Create another one.',
  });
}
